// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A wg-quick file as a document: every byte of it, what it means, and what is to be said about it.
 *
 * <p>Immutable and safe for any thread. Edits give a new document, in which everything but the
 * edited section is the same byte for byte. Accepted is what wg(8) and wg-quick(8) of
 * wireguard-tools 1.0.20210914 accept; {@code Values} lists the few traps that are refused on
 * purpose. Holds secrets: {@link #bytes} gives them away.
 */
public final class WgQuickFile {
  /** Larger files are not read, in octets. */
  public static final int LARGEST = 4 << 20;

  private final String fileName;
  private final byte[] bytes;
  private final List<Line> lines;
  private final List<Block> blocks;
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
      this.lines = Line.split(text);
      if (text.startsWith("\u00ef\u00bb\u00bf")
          || text.startsWith("\u00ff\u00fe")
          || text.startsWith("\u00fe\u00ff")) {
        said.add(FindingCode.BYTE_ORDER_MARK, 1, "");
        this.blocks = List.of();
        this.config = Optional.empty();
      } else {
        this.blocks = Block.of(lines);
        this.config = ConfigReader.read(lines, blocks, said);
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
   * Appends a section for a peer, written as the rest of the file is: line ends, indentation, the
   * space around {@code =}, blank lines between sections, and a missing last line end. A peer that
   * is in the file already would be overruled by it, so look first.
   *
   * @param peer its line number does not matter
   * @throws IllegalArgumentException if a value would not be read back as it is (such as a name
   *     with a line break), or the file is too large or has a byte order mark
   */
  public WgQuickFile withPeer(PeerConfig peer) {
    if (bytes.length > 0 && lines.isEmpty() || bytes.length > 0 && startsWithMark()) {
      throw new IllegalArgumentException("the file cannot be edited, see its findings");
    }
    if (!peer.name().map(PeerName::isWritable).orElse(true)) {
      throw new IllegalArgumentException(
          "a name is 1 to 128 printable characters, without blanks at its ends");
    }
    Style style = Style.of(lines, blocks);
    String section = style.section(peer);
    if (!readsBackAs(peer, section)) {
      throw new IllegalArgumentException("the peer cannot be written to a wg-quick file as given");
    }
    StringBuilder text = new StringBuilder(new String(bytes, StandardCharsets.ISO_8859_1));
    if (!style.finalEnd()) {
      text.append(style.end());
    }
    // Right below a comment, the new section would take it for its own.
    boolean parted = lines.isEmpty() || lines.getLast().isBlank();
    if (!parted && (style.blankLine() || Block.isAbove(lines.getLast()))) {
      text.append(style.end());
    }
    text.append(section);
    return edited(text.toString());
  }

  /**
   * Takes every section of a peer away, with its own comments and the blank lines that parted it
   * from the next. Comments that stand by themselves stay. The same document if the peer is not in
   * it.
   */
  public WgQuickFile withoutPeer(PublicKey key) {
    Set<Integer> gone = new HashSet<>();
    for (Block block : blocks) {
      if (isOf(block, key)) {
        for (int i = block.first(); i <= block.last(); i++) {
          gone.add(i);
        }
        int next = block.last() + 1;
        while (next < lines.size() && lines.get(next).isBlank()) {
          gone.add(next++);
        }
        for (int i = block.first() - 1; next == lines.size() && i >= 0; i--) {
          if (!lines.get(i).isBlank() && !gone.contains(i)) {
            break;
          }
          gone.add(i);
        }
      }
    }
    if (gone.isEmpty()) {
      return this;
    }
    StringBuilder text = new StringBuilder(bytes.length);
    for (int i = 0; i < lines.size(); i++) {
      if (!gone.contains(i)) {
        text.append(lines.get(i).whole());
      }
    }
    return edited(text.toString());
  }

  private boolean startsWithMark() {
    return findings.stream().anyMatch(f -> f.code().equals(FindingCode.BYTE_ORDER_MARK.code()));
  }

  private WgQuickFile edited(String text) {
    return new WgQuickFile(fileName, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Whether a section alone says just what the peer says. */
  private static boolean readsBackAs(PeerConfig peer, String section) {
    List<Line> lines = Line.split(section);
    List<Block> blocks = Block.of(lines);
    Optional<TunnelConfig> config = ConfigReader.read(lines, blocks, new Findings(""));
    if (config.isEmpty() || config.get().peers().size() != 1) {
      return false;
    }
    PeerConfig wanted =
        new PeerConfig(
            peer.publicKey(),
            peer.presharedKey(),
            peer.allowedIps().stream().map(Prefix::masked).distinct().toList(),
            peer.endpoint(),
            peer.persistentKeepalive(),
            peer.name(),
            1);
    return config.get().peers().getFirst().equals(wanted);
  }

  private boolean isOf(Block block, PublicKey key) {
    boolean same = false;
    if (lines.get(block.header()).header().equals("[peer]")) {
      for (int i = block.header() + 1; i <= block.last(); i++) {
        String content = Blanks.drop(lines.get(i).content());
        int equals = content.indexOf('=');
        if (equals > 0 && content.substring(0, equals).equalsIgnoreCase(Key.PUBLIC_KEY.text)) {
          same = content.substring(equals + 1).equals(key.toString());
        }
      }
    }
    return same;
  }
}
