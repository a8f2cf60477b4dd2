// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wg-quick file as a document: every byte of it, what it means, and what is to be said about it.
 *
 * <p>Immutable and safe for any thread. Edits give a new document, in which everything but the
 * edited section is the same byte for byte. Accepted is what wg(8) and wg-quick(8) of
 * wireguard-tools 1.0.20210914 accept, except for the few traps of docs/wg-quick-files.md. Holds
 * secrets: {@link #bytes} gives them away.
 */
public final class WgQuickFile {
  /** Larger files are not read, in octets. */
  public static final int LARGEST = 32 << 20;

  private final String fileName;
  private final byte[] bytes;
  private final List<Line> lines;
  private final List<Block> blocks;

  /** Made when first asked for: most files are never edited. */
  private volatile @Nullable Map<PublicKey, List<Block>> sections;

  private final List<Finding> findings;
  private final Optional<TunnelConfig> config;

  private WgQuickFile(String fileName, byte[] bytes) {
    this.fileName = fileName;
    this.bytes = bytes;
    Findings said = new Findings(fileName);
    if (InterfaceName.ofFile(fileName).isEmpty()) {
      said.add(FindingCode.FILE_NAME, 0, Shown.of(fileName));
    }
    if (bytes.length > LARGEST) {
      said.add(FindingCode.TOO_LARGE, 0, bytes.length + " bytes");
      this.lines = List.of();
      this.blocks = List.of();
      this.config = Optional.empty();
    } else {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      this.lines = DisabledLines.find(Line.split(text));
      if (text.startsWith("\u00ef\u00bb\u00bf")
          || text.startsWith("\u00ff\u00fe")
          || text.startsWith("\u00fe\u00ff")) {
        said.add(FindingCode.BYTE_ORDER_MARK, 1, "");
        this.blocks = List.of();
        this.config = Optional.empty();
      } else {
        this.blocks = Block.of(lines);
        this.config = ConfigReader.read(lines, blocks, said, ConfigReader.Dialect.WG_QUICK);
      }
    }
    this.findings = said.inOrder();
  }

  /**
   * Reads a document. Never fails: whatever is wrong is in {@link #findings}.
   *
   * @param fileName {@code NAME.conf}, a path before it is ignored but shown in findings
   * @param bytes copied
   */
  public static WgQuickFile parse(String fileName, byte[] bytes) {
    return new WgQuickFile(fileName, bytes.clone());
  }

  /** A copy of the bytes, the same as were read. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** What is to be said, by line. */
  public List<Finding> findings() {
    return findings;
  }

  /** What the file says, typed; empty when there is an error among the findings. */
  public Optional<TunnelConfig> config() {
    return config;
  }

  /**
   * The document with edits made, one after the other: in as few lines as can be, written as the
   * rest of the file is. The same document if it says all that already.
   *
   * @throws RefusedEdit if one of them cannot be made, or would not be read back as given; then
   *     none is made
   */
  public WgQuickFile edit(List<FileEdit> edits) {
    WgQuickFile edited = this;
    for (FileEdit each : edits) {
      edited = Editor.apply(edited, each);
    }
    return edited;
  }

  /** The document with edits made, see {@link #edit(List)}. */
  public WgQuickFile edit(FileEdit... edits) {
    return edit(List.of(edits));
  }

  /**
   * An allowed IP as it is written, whether or not a later peer takes it.
   *
   * @param peer whose it is
   * @param prefix masked
   * @param text as written
   * @param line 1-based
   */
  public record WrittenPrefix(PublicKey peer, Prefix prefix, String text, int line) {}

  /**
   * The allowed IPs of the enabled peers as they are written, in file order: those of the section
   * that counts, if a peer has several. What is no prefix is left out.
   */
  public List<WrittenPrefix> writtenAllowedIps() {
    List<WrittenPrefix> written = new ArrayList<>();
    Settings settings = new Settings(lines);
    for (Block block : blocks) {
      PublicKey peer = block.publicKey(lines).orElse(null);
      if (peer == null || block.isOff(lines) || !enabled(peer).getLast().equals(block)) {
        continue;
      }
      for (Settings.Item item : settings.items(List.of(block), Key.ALLOWED_IPS)) {
        if (item.meaning() instanceof Prefix prefix) {
          written.add(new WrittenPrefix(peer, prefix, item.text(), item.line() + 1));
        }
      }
    }
    return written;
  }

  /** The interface that the file is for; empty if its name gives none. */
  public Optional<InterfaceName> interfaceName() {
    return InterfaceName.ofFile(fileName);
  }

  /** The file's name as it was given. */
  public String fileName() {
    return fileName;
  }

  /**
   * The line on which a section says a key, 1-based: of several the last one. Where it does not say
   * it, the line of its header; 0 if there is none.
   */
  public int lineOf(FileEdit.Place place, Key key) {
    return line(place, key, Optional.empty());
  }

  /**
   * The line on which a list has a value, 1-based; else as {@link #lineOf(FileEdit.Place, Key)}.
   *
   * @param value as it stands in files
   */
  public int lineOf(FileEdit.Place place, Key key, String value) {
    return line(place, key, Optional.of(value));
  }

  /** The last line on which a section says a key of our own, 1-based; 0 if it does not. */
  public int lineOf(FileEdit.Place place, OwnKey<?> key) {
    List<Integer> found = new Settings(lines).ownLines(sections(place), key);
    return found.isEmpty() ? 0 : found.getLast() + 1;
  }

  private List<Block> sections(FileEdit.Place place) {
    return switch (place) {
      case FileEdit.Place.Interface() -> interfaces();
      case FileEdit.Place.Peer(PublicKey peer) -> sections(peer);
    };
  }

  private int line(FileEdit.Place place, Key key, Optional<String> value) {
    List<Block> sections = sections(place);
    Settings settings = new Settings(lines);
    int line = sections.isEmpty() ? -1 : sections.getLast().header();
    for (Settings.Item item : settings.items(sections, key)) {
      if (value.isEmpty() || settings.means(item, key, value.get())) {
        line = item.line();
      }
    }
    return line + 1;
  }

  /**
   * Appends a section for a peer, written as the rest of the file is: line ends, indentation, the
   * space around {@code =}, blank lines between sections, and a missing last line end.
   *
   * @param peer its line number does not matter
   * @throws RefusedEdit if the peer is there already, if a value would not be read back as it is
   *     (such as a name with a line break), or if the file is too large or has a byte order mark
   */
  public WgQuickFile withPeer(PeerConfig peer) {
    return edit(new FileEdit.AddPeer(peer));
  }

  /**
   * Takes every section of a peer away, disabled ones too, with its own comments and the blank
   * lines that parted it from the next. Comments that stand by themselves stay. The same document
   * if the peer is not in it.
   */
  public WgQuickFile withoutPeer(PublicKey key) {
    List<Block> all = new ArrayList<>(enabled(key));
    all.addAll(disabled(key));
    all.sort(Comparator.comparingInt(Block::header));
    Set<Integer> gone = Block.lines(all, lines);
    if (gone.isEmpty()) {
      return this;
    }
    StringBuilder text = new StringBuilder(bytes.length);
    Set<Integer> parted = new HashSet<>(Block.parted(gone, lines));
    for (int i = 0; i < lines.size(); i++) {
      if (!gone.contains(i)) {
        text.append(lines.get(i).whole());
      }
      if (parted.contains(i)) {
        text.append(lines.get(i).end());
      }
    }
    return withText(text.toString());
  }

  /**
   * The document that says what a running tunnel is, as {@code wg-quick save} keeps it, but changed
   * only where it must be: comments, order, spelling and the keys of wg-quick stay. Sections of
   * peers that are gone are taken away, new peers are appended, and a value that differs is written
   * in its old place. The same bytes if nothing differs.
   *
   * <p>Values are compared as they act: no port is port 0, no mark is mark 0, a preshared key of
   * zeros is none, a private key is the one it is clamped to. An endpoint is compared by host and
   * port, so for a peer that still uses what its name was resolved to, pass the name of the file;
   * otherwise the name is replaced.
   *
   * @param running the state, complete: what it leaves out is taken away
   * @throws IllegalArgumentException if a value would not be read back as it is
   * @throws IllegalStateException if this document has errors, for then it is not known what it
   *     says
   */
  public WgQuickFile saved(WgConfig running) {
    TunnelConfig said =
        config.orElseThrow(() -> new IllegalStateException("the file has errors, see findings"));
    Optional<String> text = SavedState.write(fileName, lines, blocks, said.wg(), running);
    if (text.isEmpty()) {
      return this;
    }
    WgQuickFile saved = withText(text.get());
    if (!saved.config.map(now -> now.says(said, running)).orElse(false)) {
      throw new IllegalArgumentException("the state cannot be written to the file as it is");
    }
    return saved;
  }

  /**
   * What {@code wg-quick strip} prints, byte for byte: the document without the lines of wg-quick's
   * keys, for wg(8) to read. Holds secrets.
   */
  public byte[] strip() {
    return Strip.of(lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  // ---- for the editor

  /** Whether its lines are known. */
  boolean isEditable() {
    return (bytes.length == 0 || !lines.isEmpty())
        && findings.stream().noneMatch(f -> f.code().equals(FindingCode.BYTE_ORDER_MARK.code()));
  }

  List<Line> lines() {
    return lines;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** The sections of the interface, in order. */
  List<Block> interfaces() {
    return blocks.stream().filter(block -> block.isInterface(lines)).toList();
  }

  /** The enabled sections of a peer, in order. */
  List<Block> enabled(PublicKey key) {
    return all(key).stream().filter(block -> !block.isOff(lines)).toList();
  }

  /** The disabled sections of a peer, in order. */
  List<Block> disabled(PublicKey key) {
    return all(key).stream().filter(block -> block.isOff(lines)).toList();
  }

  private List<Block> all(PublicKey key) {
    Map<PublicKey, List<Block>> known = sections;
    if (known == null) {
      Map<PublicKey, List<Block>> found = new HashMap<>();
      for (Block block : blocks) {
        block
            .publicKey(lines)
            .ifPresent(peer -> found.computeIfAbsent(peer, p -> new ArrayList<>(1)).add(block));
      }
      known = found;
      sections = found;
    }
    return known.getOrDefault(key, List.of());
  }

  /** The sections of a peer that an edit is about: the enabled ones, else the disabled ones. */
  List<Block> sections(PublicKey key) {
    List<Block> enabled = enabled(key);
    return enabled.isEmpty() ? disabled(key) : enabled;
  }

  /** The same file with another text, in ISO-8859-1 form. */
  WgQuickFile withText(String text) {
    return new WgQuickFile(fileName, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A section that is read back as it is meant. */
  static String section(String fileName, PeerConfig peer, Style style) {
    if (!peer.name().map(PeerName::isWritable).orElse(true)) {
      throw new RefusedEdit(
          FindingCode.NAME.at(fileName, 0, Shown.of(PeerName.latin1(peer.name().orElse("")))));
    }
    String section = style.section(peer);
    if (!readsBackAs(peer, section)) {
      throw new RefusedEdit(
          FindingCode.NOT_READ_BACK.at(fileName, 0, peer.publicKey().toString(), "the peer"));
    }
    return section;
  }

  /** Whether a section alone says just what the peer says. */
  private static boolean readsBackAs(PeerConfig peer, String section) {
    List<Line> lines = DisabledLines.find(Line.split(section));
    List<Block> blocks = Block.of(lines);
    Optional<TunnelConfig> config =
        ConfigReader.read(lines, blocks, new Findings(""), ConfigReader.Dialect.WG_QUICK);
    if (config.isEmpty()) {
      return false;
    }
    List<PeerConfig> peers = new ArrayList<>(config.get().peers());
    peers.addAll(config.get().disabledPeers());
    PeerConfig wanted =
        new PeerConfig(
            peer.publicKey(),
            peer.presharedKey(),
            peer.allowedIps().stream().map(Prefix::masked).distinct().toList(),
            peer.endpoint(),
            peer.persistentKeepalive(),
            peer.metadata(),
            1);
    return peers.equals(List.of(wanted));
  }
}
