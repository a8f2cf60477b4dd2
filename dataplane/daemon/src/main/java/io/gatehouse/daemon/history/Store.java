// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * The repository on disk: made, written, kept small. One thread writes; {@link #open} may be called
 * by any.
 */
final class Store {
  private static final String BRANCH = "main";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** More loose objects are packed: each takes a block of the disk. */
  private static final int LOOSE_OBJECTS = 512;

  private final Path directory;
  private final long limit;
  private boolean swept;

  /**
   * A repository that need not be there yet.
   *
   * @param limit in octets
   */
  Store(Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
  }

  /** Opens it for reading. The caller closes it. */
  static Repository open(Path directory) throws IOException {
    OwnSettings.install();
    return new FileRepositoryBuilder().setGitDir(directory.toFile()).setMustExist(true).build();
  }

  /**
   * Writes a commit on top, unless the newest one has these files.
   *
   * @return the newest commit now
   */
  ObjectId commit(SortedMap<String, WgQuickFile> files, String author, String message, Instant time)
      throws IOException {
    OwnSettings.install();
    if (!Files.exists(directory.resolve(Constants.HEAD))) {
      make();
    }
    if (!swept) {
      sweep();
      swept = true;
    }
    try (Repository repository = open(directory);
        ObjectInserter inserter = repository.newObjectInserter()) {
      TreeFormatter tree = new TreeFormatter();
      for (Map.Entry<String, WgQuickFile> file : files.entrySet()) {
        byte[] content = file.getValue().bytes();
        tree.append(
            file.getKey(), FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, content));
        Arrays.fill(content, (byte) 0);
      }
      ObjectId treeId = inserter.insert(tree);
      ObjectId head = repository.resolve(Constants.HEAD);
      if (head != null) {
        try (RevWalk walk = new RevWalk(repository)) {
          if (walk.parseCommit(head).getTree().equals(treeId)) {
            return head;
          }
        }
      }
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(treeId);
      if (head != null) {
        commit.setParentId(head);
      }
      commit.setAuthor(new PersonIdent(author, "", time, ZoneOffset.UTC));
      commit.setCommitter(new PersonIdent("Gatehouse", "", time, ZoneOffset.UTC));
      commit.setMessage(message);
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      RefUpdate update = repository.updateRef(Constants.HEAD);
      update.setNewObjectId(id);
      update.setExpectedOldObjectId(head == null ? ObjectId.zeroId() : head);
      RefUpdate.Result result = update.forceUpdate();
      switch (result) {
        case NEW, FAST_FORWARD, FORCED -> {}
        default -> throw new IOException("the branch could not be moved: " + result);
      }
      return id;
    }
  }

  /**
   * Packs what lies about, and drops the oldest commits while it is too large: half of them at a
   * time, by making a younger one the beginning, as a shallow clone has it. Ids stay the same.
   *
   * @param pinned a commit that must stay
   * @return octets at the end
   */
  long keepSmall(Optional<String> pinned) throws IOException {
    Size size = tidy();
    if (size.octets <= limit && size.looseObjects <= LOOSE_OBJECTS) {
      return size.octets;
    }
    collect();
    size = tidy();
    // Some room, so that not every commit has to make some.
    while (size.octets > limit - limit / 8 && dropOldest(pinned)) {
      collect();
      size = tidy();
    }
    return size.octets;
  }

  /** Made beside and moved to its place, so that half a repository is never there. */
  private void make() throws IOException {
    Path half = directory.resolveSibling(directory.getFileName() + ".new");
    delete(half);
    Files.createDirectory(half, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Git.init().setBare(true).setGitDir(half.toFile()).setInitialBranch(BRANCH).call().close();
    } catch (GitAPIException e) {
      throw new IOException("the repository could not be made: " + e.getMessage(), e);
    }
    delete(directory);
    Files.move(half, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what a process that was killed may have left, which nobody but this one writes. */
  private void sweep() throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (name.endsWith(".lock")
                || name.endsWith("_tmp")
                || name.endsWith(".tmp")
                || name.equals("gc.pid")
                || name.startsWith(".probe-")) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void collect() throws IOException {
    try (Repository repository = open(directory)) {
      // What nobody refers to goes at once: no other process is about to refer to it.
      Git.wrap(repository).gc().setExpire(Instant.now()).call();
    } catch (GitAPIException e) {
      throw new IOException("the repository could not be packed: " + e.getMessage(), e);
    }
  }

  private boolean dropOldest(Optional<String> pinned) throws IOException {
    try (Repository repository = open(directory);
        RevWalk walk = new RevWalk(repository)) {
      ObjectId head = repository.resolve(Constants.HEAD);
      if (head == null) {
        return false;
      }
      walk.markStart(walk.parseCommit(head));
      List<ObjectId> newestFirst = new ArrayList<>();
      int least = 1;
      for (RevCommit commit : walk) {
        newestFirst.add(commit.copy());
        if (pinned.isPresent() && commit.name().equals(pinned.get())) {
          least = newestFirst.size();
        }
      }
      int kept = Math.max(least, newestFirst.size() / 2);
      if (kept >= newestFirst.size()) {
        return false;
      }
      repository.getObjectDatabase().setShallowCommits(Set.of(newestFirst.get(kept - 1)));
      return true;
    }
  }

  /** What is there, and for its owner alone from now on. */
  private Size tidy() throws IOException {
    Size size = new Size();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            size.add(file, attributes);
            ownerOnly(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            ownerOnly(folder);
            return FileVisitResult.CONTINUE;
          }
        });
    return size;
  }

  private static void ownerOnly(Path file) throws IOException {
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      if ((mode & 077) != 0) {
        Files.setAttribute(file, "unix:mode", mode & 0700);
      }
    } catch (NoSuchFileException e) {
      // Gone meanwhile, such as a probe of JGit's.
    }
  }

  private static void delete(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static final class Size {
    long octets;
    int looseObjects;

    void add(Path file, BasicFileAttributes attributes) {
      octets += attributes.size();
      Path folder = file.getParent();
      if (folder != null && folder.getFileName().toString().length() == 2) {
        looseObjects++;
      }
    }
  }
}
