// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileExported;
import io.gatehouse.control.FileList;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.daemon.history.History;
import io.gatehouse.daemon.history.LineMerge;
import io.gatehouse.daemon.tunnels.Network.TunnelInterface;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.HiddenKeys;
import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.RefusedEdit;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of the tunnel directory for whoever edits them from outside: what they say, without
 * their keys, and changes that are made whole or not at all. Thread-safe.
 *
 * <p>Each method throws a {@link ControlException} with findings where it refuses; then nothing has
 * changed.
 */
public final class TunnelFiles {
  private final Desk desk;
  private final ReadVersions versions;
  private final FilesEdit edits;

  TunnelFiles(Desk desk, History history) {
    this.desk = desk;
    this.versions = new ReadVersions(history);
    this.edits = new FilesEdit(desk);
  }

  /** All of them. */
  public FileList list() {
    return desk.look(() -> new FileList(desk.names().stream().map(this::status).toList()));
  }

  private FileStatus status(String name) {
    Optional<byte[]> content =
        Optional.ofNullable(desk.documents().get(name)).map(WgQuickFile::bytes);
    List<Finding> findings = desk.findings(name);
    return new FileStatus(
        TunnelDirectory.printable(name),
        desk.state(name),
        content.map(History::version).orElse(""),
        content.map(octets -> octets.length).orElse(0),
        count(findings, Severity.ERROR),
        count(findings, Severity.WARNING),
        count(findings, Severity.NOTE));
  }

  private static int count(List<Finding> findings, Severity severity) {
    return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** A file as it is now, its keys hidden. */
  public FileText read(String name) throws ControlException {
    String refused = TunnelDirectory.printable(name) + " was not read";
    return refusing(
        refused,
        () -> {
          byte[] content = desk.ask(() -> there(name)).document().orElseThrow().bytes();
          if (content.length > FileText.LARGEST) {
            throw new Refusal(TunnelFinding.TOO_LARGE_TO_SHOW.of(name));
          }
          String version = History.version(content);
          versions.put(version, content);
          FileBytes said = FileBytes.of(content);
          List<Finding> findings = desk.look(() -> desk.findings(name));
          return new FileText(
              name,
              version,
              said.encoding().name(),
              HiddenKeys.hide(said.text(), version),
              findings.stream().map(FindingStatus::of).toList());
        });
  }

  /** A file as it is now, its keys in clear: for those who may have them. */
  public FileExported export(String name) throws ControlException {
    return refusing(
        TunnelDirectory.printable(name) + " was not read",
        () -> {
          byte[] content = desk.ask(() -> there(name)).document().orElseThrow().bytes();
          FileBytes said = FileBytes.of(content);
          return new FileExported(
              name, History.version(content), said.encoding().name(), said.text());
        });
  }

  private DroppedFile there(String name) throws Refusal {
    FilesEdit.checkName(name);
    DroppedFile file =
        desk.read(name).orElseThrow(() -> new Refusal(TunnelFinding.NO_SUCH_FILE.of(name)));
    if (file.document().isEmpty()) {
      throw new Refusal(file.findings());
    }
    return file;
  }

  /** Writes a file anew. */
  public FilesChanged write(FileWrite write, ChangeOrigin origin) throws ControlException {
    return refusing(
        TunnelDirectory.printable(write.name()) + " was not written",
        () -> {
          Optional<byte[]> base = known(write.base());
          return make(
              new OneFile(write.name(), "edited") {
                @Override
                WgQuickFile of(WgQuickFile there) throws Refusal {
                  byte[] now = there.bytes();
                  byte[] edited = base(write.name(), write.base(), base, now);
                  return merged(
                      edited, now, rewritten(write.name(), write.base(), edited, write.text()));
                }
              },
              write.dryRun(),
              origin);
        });
  }

  /** Makes a file. */
  public FilesChanged create(FileCreation creation, ChangeOrigin origin) throws ControlException {
    String name = creation.name();
    return refusing(
        TunnelDirectory.printable(name) + " was not made",
        () -> {
          byte[] text = HiddenKeys.generated(creation.text()).getBytes(StandardCharsets.UTF_8);
          return make(
              new FilesEdit.Wish() {
                @Override
                public Set<String> names() {
                  return Set.of(name);
                }

                @Override
                public SortedMap<String, Optional<WgQuickFile>> of(
                    SortedMap<String, DroppedFile> there) throws Refusal {
                  if (!there.isEmpty()) {
                    throw new Refusal(TunnelFinding.FILE_EXISTS.of(name));
                  }
                  return new TreeMap<>(Map.of(name, Optional.of(WgQuickFile.parse(name, text))));
                }

                @Override
                public String done() {
                  return name + " made";
                }
              },
              creation.dryRun(),
              origin);
        });
  }

  /** Removes a file, and with it its tunnel. */
  public FilesChanged remove(FileRemoval removal, ChangeOrigin origin) throws ControlException {
    String name = removal.name();
    return refusing(
        TunnelDirectory.printable(name) + " was not removed",
        () ->
            make(
                new FilesEdit.Wish() {
                  @Override
                  public Set<String> names() {
                    return Set.of(name);
                  }

                  @Override
                  public SortedMap<String, Optional<WgQuickFile>> of(
                      SortedMap<String, DroppedFile> there) throws Refusal {
                    unchanged(name, there.get(name), removal.base());
                    return new TreeMap<>(Map.of(name, Optional.empty()));
                  }

                  @Override
                  public String done() {
                    return name + " removed";
                  }
                },
                removal.dryRun(),
                origin));
  }

  /** Gives a file another name. */
  public FilesChanged rename(FileRenaming renaming, ChangeOrigin origin) throws ControlException {
    String name = renaming.name();
    String to = renaming.to();
    return refusing(
        TunnelDirectory.printable(name) + " was not renamed",
        () ->
            make(
                new FilesEdit.Wish() {
                  @Override
                  public Set<String> names() {
                    return new TreeSet<>(List.of(name, to));
                  }

                  @Override
                  public SortedMap<String, Optional<WgQuickFile>> of(
                      SortedMap<String, DroppedFile> there) throws Refusal {
                    DroppedFile file = unchanged(name, there.get(name), renaming.base());
                    if (there.containsKey(to)) {
                      throw new Refusal(TunnelFinding.FILE_EXISTS.of(to));
                    }
                    if (file.document().isEmpty()) {
                      throw new Refusal(file.findings());
                    }
                    SortedMap<String, Optional<WgQuickFile>> wanted = new TreeMap<>();
                    wanted.put(name, Optional.empty());
                    wanted.put(
                        to, Optional.of(WgQuickFile.parse(to, file.document().get().bytes())));
                    return wanted;
                  }

                  @Override
                  public String done() {
                    return name + " is " + to + " now";
                  }
                },
                renaming.dryRun(),
                origin));
  }

  /** Changes settings in files. */
  public FilesChanged edit(EditRequest request, ChangeOrigin origin) throws ControlException {
    return refusing(
        "nothing was edited",
        () -> {
          Map<String, FileSteps> files = new HashMap<>();
          Map<String, byte[]> bases = new HashMap<>();
          for (FileSteps file : request.files()) {
            if (files.put(file.name(), file) != null) {
              throw new Refusal(
                  TunnelFinding.FILE_TWICE.of(TunnelDirectory.printable(file.name())));
            }
            if (file.base().isPresent()) {
              known(file.base().get()).ifPresent(content -> bases.put(file.name(), content));
            }
          }
          return make(
              new ManyFiles(new TreeSet<>(files.keySet()), "edited") {
                @Override
                WgQuickFile of(WgQuickFile there) throws Refusal {
                  FileSteps steps =
                      Objects.requireNonNull(files.get(there.fileName()), "asked for");
                  byte[] now = there.bytes();
                  byte[] base =
                      steps.base().isEmpty()
                          ? now
                          : base(
                              steps.name(),
                              steps.base().get(),
                              Optional.ofNullable(bases.get(steps.name())),
                              now);
                  WgQuickFile edited = edited(steps, base, Arrays.equals(base, now), there);
                  return Arrays.equals(base, now) ? edited : merged(base, now, edited.bytes());
                }
              },
              request.dryRun(),
              origin);
        });
  }

  private WgQuickFile edited(FileSteps steps, byte[] base, boolean current, WgQuickFile there)
      throws Refusal {
    if (!steps.steps().isEmpty() && steps.steps().getFirst() instanceof EditStep.Text text) {
      String version =
          steps
              .base()
              .orElseThrow(
                  () ->
                      new Refusal(
                          TunnelFinding.EDIT_FORM.of(steps.name(), "a text needs its base")));
      return GivenSteps.make(
          WgQuickFile.parse(steps.name(), rewritten(steps.name(), version, base, text.text())),
          steps.steps().subList(1, steps.steps().size()),
          edits::checks);
    }
    return GivenSteps.make(
        current ? there : WgQuickFile.parse(steps.name(), base), steps.steps(), edits::checks);
  }

  /** What somebody made of a version's text, its keys put back. */
  private static byte[] rewritten(String name, String version, byte[] base, String text)
      throws Refusal {
    FileBytes said = FileBytes.of(base);
    return said.encode(HiddenKeys.reveal(name, text, said.text(), version))
        .orElseThrow(
            () -> new Refusal(TunnelFinding.NOT_ENCODABLE.of(name, said.encoding().name())));
  }

  /** Whether a file in the place of what is there would neither add nor change a line that runs. */
  public boolean keepsHooks(WgQuickFile file) {
    return desk.look(
        () ->
            file.config()
                .map(wanted -> FilesEdit.sameHooks(desk.documents().get(file.fileName()), wanted))
                .orElse(true));
  }

  /** What new peers of a tunnel can have. */
  public PeerProposal propose(ProposalRequest request) throws ControlException {
    String name = request.tunnel() + InterfaceName.SUFFIX;
    return refusing(
        "there is no proposal for " + TunnelDirectory.printable(request.tunnel()),
        () ->
            desk.ask(
                () -> {
                  TunnelConfig config =
                      Optional.ofNullable(desk.documents().get(name))
                          .flatMap(WgQuickFile::config)
                          .orElseThrow(
                              () ->
                                  new Refusal(
                                      TunnelFinding.NO_SUCH_TUNNEL.of(
                                          TunnelDirectory.printable(name))));
                  return Proposal.of(
                      config,
                      desk.documents().values().stream()
                          .filter(file -> !file.fileName().equals(name))
                          .map(WgQuickFile::config)
                          .flatMap(Optional::stream)
                          .toList(),
                      desk.tunnel(name)
                          .flatMap(tunnel -> tunnel.view().running())
                          .map(TunnelInterface::snapshot),
                      request.count());
                }));
  }

  // ---- what the wishes have in common

  /** Files that must be there, each made into another. */
  private abstract static class ManyFiles implements FilesEdit.Wish {
    private final Set<String> names;
    private final String done;
    private final Set<String> merged = new TreeSet<>();
    private String current = "";

    ManyFiles(Set<String> names, String done) {
      this.names = names;
      this.done = done;
    }

    /** What one is to be. */
    abstract WgQuickFile of(WgQuickFile there) throws Refusal;

    @Override
    public SortedMap<String, Optional<WgQuickFile>> of(SortedMap<String, DroppedFile> there)
        throws Refusal {
      SortedMap<String, Optional<WgQuickFile>> wanted = new TreeMap<>();
      for (String name : names) {
        DroppedFile file = there.get(name);
        if (file == null) {
          throw new Refusal(TunnelFinding.NO_SUCH_FILE.of(name));
        }
        if (file.document().isEmpty()) {
          throw new Refusal(file.findings());
        }
        current = name;
        wanted.put(name, Optional.of(of(file.document().get())));
      }
      return wanted;
    }

    /** Both changes, if somebody else has made one. */
    WgQuickFile merged(byte[] base, byte[] now, byte[] edited) throws Refusal {
      if (Arrays.equals(base, now)) {
        return WgQuickFile.parse(current, edited);
      }
      LineMerge merge = LineMerge.of(base, now, edited);
      if (!merge.conflicts().isEmpty()) {
        throw new Refusal(
            merge.conflicts().stream()
                .map(line -> TunnelFinding.MERGE_CONFLICT.at(current, line, ""))
                .toList());
      }
      merged.add(current);
      return WgQuickFile.parse(current, merge.merged());
    }

    @Override
    public Set<String> names() {
      return names;
    }

    @Override
    public Set<String> merged() {
      return merged;
    }

    @Override
    public String done() {
      return String.join(", ", names) + " " + done;
    }
  }

  /** One such file. */
  private abstract static class OneFile extends ManyFiles {
    OneFile(String name, String done) {
      super(Set.of(name), done);
    }
  }

  /** What a version was that somebody has edited: that of now, the same array, or another one. */
  private static byte[] base(String name, String version, Optional<byte[]> known, byte[] now)
      throws Refusal {
    if (History.version(now).equals(version)) {
      return now;
    }
    return known.orElseThrow(() -> new Refusal(TunnelFinding.STALE_VERSION.of(name)));
  }

  private Optional<byte[]> known(String version) throws Refusal {
    try {
      return versions.get(version);
    } catch (IOException e) {
      throw new Refusal(TunnelFinding.HISTORY_FAILED.of("", e.toString()));
    }
  }

  /** The file, if it is there and still what it is thought to be. */
  private static DroppedFile unchanged(
      String name, @Nullable DroppedFile file, Optional<String> version) throws Refusal {
    if (file == null) {
      throw new Refusal(TunnelFinding.NO_SUCH_FILE.of(name));
    }
    Optional<String> now = file.document().map(WgQuickFile::bytes).map(History::version);
    if (version.isPresent() && !now.equals(version)) {
      throw new Refusal(TunnelFinding.MERGE_CONFLICT.of(name));
    }
    return file;
  }

  private FilesChanged make(FilesEdit.Wish wish, boolean dryRun, ChangeOrigin origin)
      throws Refusal {
    return desk.ask(() -> edits.make(wish, dryRun, origin));
  }

  /** Something that may be refused. */
  private interface Request<T> {
    T carryOut() throws Refusal;
  }

  private static <T> T refusing(String otherwise, Request<T> request) throws ControlException {
    List<Finding> findings;
    try {
      return request.carryOut();
    } catch (Refusal e) {
      findings = e.findings();
    } catch (RefusedEdit e) {
      findings = List.of(e.finding());
    }
    throw new ControlException(
        ControlException.REFUSED, otherwise, findings.stream().map(FindingStatus::of).toList());
  }
}
