// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.wgquick.HiddenKeys;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Reads the repository, see {@link History}. Any thread.
 *
 * @param directory of the repository, which must be there
 */
record Revisions(Path directory) {
  /** Longest difference that is given, in octets. */
  private static final int LONGEST_DIFF = 4 << 20;

  private static final Pattern REVISION = Pattern.compile("[0-9a-f]{4,40}|HEAD(~[0-9]{1,9})?");

  RevisionList list(RevisionRange range) throws IOException, NoSuchRevisionException {
    try (Repository repository = Store.open(directory);
        RevWalk walk = new RevWalk(repository)) {
      boolean newest = range.before().isEmpty();
      walk.markStart(commit(repository, walk, newest ? Constants.HEAD : range.before()));
      List<Revision> page = new ArrayList<>();
      boolean skip = !newest;
      for (RevCommit commit : walk) {
        if (page.size() == range.limit()) {
          return new RevisionList(page, true);
        }
        if (!skip) {
          page.add(revision(repository, commit));
        }
        skip = false;
      }
      return new RevisionList(page, false);
    }
  }

  Revision revision(String revision) throws IOException, NoSuchRevisionException {
    try (Repository repository = Store.open(directory);
        RevWalk walk = new RevWalk(repository)) {
      return revision(repository, commit(repository, walk, revision));
    }
  }

  String diff(String from, String to) throws IOException, NoSuchRevisionException {
    try (Repository repository = Store.open(directory);
        RevWalk walk = new RevWalk(repository)) {
      return diff(
          repository, Optional.of(commit(repository, walk, from)), commit(repository, walk, to));
    }
  }

  String diff(String revision) throws IOException, NoSuchRevisionException {
    try (Repository repository = Store.open(directory);
        RevWalk walk = new RevWalk(repository)) {
      RevCommit commit = commit(repository, walk, revision);
      return diff(repository, parent(walk, commit), commit);
    }
  }

  SortedMap<String, byte[]> files(String revision) throws IOException, NoSuchRevisionException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Repository repository = Store.open(directory);
        RevWalk walk = new RevWalk(repository);
        TreeWalk tree = new TreeWalk(repository)) {
      tree.addTree(commit(repository, walk, revision).getTree());
      tree.setRecursive(true);
      while (tree.next()) {
        files.put(
            tree.getPathString(),
            repository.open(tree.getObjectId(0), Constants.OBJ_BLOB).getBytes(WgQuickFile.LARGEST));
      }
    }
    return files;
  }

  Optional<byte[]> content(String blob) throws IOException {
    try (Repository repository = Store.open(directory)) {
      return Optional.of(
          repository
              .open(ObjectId.fromString(blob), Constants.OBJ_BLOB)
              .getBytes(WgQuickFile.LARGEST));
    } catch (MissingObjectException | IncorrectObjectTypeException e) {
      return Optional.empty();
    }
  }

  private static RevCommit commit(Repository repository, RevWalk walk, String revision)
      throws IOException, NoSuchRevisionException {
    if (!REVISION.matcher(revision).matches()) {
      throw new NoSuchRevisionException(revision);
    }
    try {
      ObjectId id = repository.resolve(revision + "^{commit}");
      if (id == null) {
        throw new NoSuchRevisionException(revision);
      }
      return walk.parseCommit(id);
    } catch (RevisionSyntaxException
        | MissingObjectException
        | AmbiguousObjectException
        | IncorrectObjectTypeException e) {
      throw new NoSuchRevisionException(revision);
    }
  }

  private static Optional<RevCommit> parent(RevWalk walk, RevCommit commit) throws IOException {
    return commit.getParentCount() == 0
        ? Optional.empty()
        : Optional.of(walk.parseCommit(commit.getParent(0)));
  }

  private static Revision revision(Repository repository, RevCommit commit) throws IOException {
    String source = String.join("", commit.getFooterLines(History.SOURCE));
    return new Revision(
        commit.name(),
        commit.getCommitterIdent().getWhenAsInstant().getEpochSecond(),
        commit.getAuthorIdent().getName(),
        source(source),
        commit.getShortMessage(),
        changedFiles(repository, commit));
  }

  /** Commits that somebody made by git have no such line: those are changes of files. */
  private static ChangeSource source(String words) {
    for (ChangeSource source : ChangeSource.values()) {
      if (source.words().equals(words.toLowerCase(Locale.ROOT))) {
        return source;
      }
    }
    return ChangeSource.FILE;
  }

  private static List<String> changedFiles(Repository repository, RevCommit commit)
      throws IOException {
    List<String> names = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk tree = new TreeWalk(repository)) {
      Optional<RevCommit> parent = parent(walk, commit);
      if (parent.isPresent()) {
        tree.addTree(parent.get().getTree());
      } else {
        tree.addTree(new EmptyTreeIterator());
      }
      tree.addTree(commit.getTree());
      tree.setRecursive(true);
      tree.setFilter(TreeFilter.ANY_DIFF);
      while (tree.next()) {
        names.add(tree.getPathString());
      }
    }
    return names;
  }

  private static String diff(Repository repository, Optional<RevCommit> from, RevCommit to)
      throws IOException {
    Limited out = new Limited();
    try (DiffFormatter formatter = new DiffFormatter(out)) {
      formatter.setRepository(repository);
      formatter.format(from.map(RevCommit::getTree).orElse(null), to.getTree());
      formatter.flush();
    } catch (Limited.Full e) {
      out.write("\n... and more, which git shows\n");
    }
    return HiddenKeys.mask(out.text());
  }

  /** Takes only so much. */
  private static final class Limited extends OutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    static final class Full extends IOException {
      private static final long serialVersionUID = 1;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      if (taken.size() + length > LONGEST_DIFF) {
        throw new Full();
      }
      taken.write(octets, offset, length);
    }

    void write(String text) {
      taken.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }
  }
}
