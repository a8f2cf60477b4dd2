// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.TunnelConfig.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a file as wg-quick(8) and wg(8) do, one line after the other.
 *
 * <p>wg-quick takes its own keys out of {@code [Interface]}, trimming them and their values; all
 * other lines go to wg, which drops every blank. So {@code Private Key} is a key, {@code Post Up}
 * is none, and in {@code [ Interface ]} only wg's keys are read.
 */
final class ConfigReader {
  private enum Section {
    NONE,
    INTERFACE,
    /** {@code [ Interface ]}: a section for wg, but not for wg-quick. */
    INTERFACE_OF_WG,
    PEER,
    /** After an unknown header; its lines are not worth more findings. */
    UNKNOWN
  }

  /** Whose file it is. */
  enum Dialect {
    /** With the keys of wg-quick(8) in {@code [Interface]}. */
    WG_QUICK,
    /** Keys of wg(8) only; made to be added to what is there, so nothing has to be in it. */
    WG
  }

  private final Findings findings;
  private final Dialect dialect;
  private final Values values = new Values();
  private final PeerTable peers;
  private final Map<Key, List<String>> lists = new EnumMap<>(Key.class);
  private final List<Prefix> addresses = new ArrayList<>();
  private final Set<Prefix> addressesSeen = new HashSet<>();
  private final Set<Key> seen = EnumSet.noneOf(Key.class);
  private Section section = Section.NONE;
  private int interfaces;
  private @Nullable PeerSection peer;
  private @Nullable SecretKey privateKey;
  private @Nullable Integer listenPort;
  private @Nullable Integer fwMark;
  private @Nullable Integer mtu;
  private int mtuLine;
  private Table table = new Table.Auto();
  private boolean saveConfig;
  private OwnValues own = OwnValues.NONE;
  private final Set<OwnKey<?>> ownSeen = new HashSet<>();

  private ConfigReader(Findings findings, Dialect dialect) {
    this.findings = findings;
    this.dialect = dialect;
    this.peers = new PeerTable(findings);
  }

  /** The typed content, empty when a finding is an error. */
  static Optional<TunnelConfig> read(
      List<Line> lines, List<Block> blocks, Findings findings, Dialect dialect) {
    ConfigReader reader = new ConfigReader(findings, dialect);
    List<PeerConfig> disabled = new ArrayList<>();
    Block block = new Block(0, -1, -1);
    int next = 0;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.isHeader()) {
        Block begun = blocks.get(next++);
        if (line.isOff()) {
          disabledPeer(lines, begun, findings).ifPresent(disabled::add);
        } else {
          block = begun;
          reader.header(line, line.content(), PeerName.of(lines, block));
        }
      } else if (!line.isOff()) {
        reader.line(line, i > block.header() && i <= block.last());
      }
    }
    return reader.finish(disabled);
  }

  /** What a section says that is switched off; empty when it says no key. */
  private static Optional<PeerConfig> disabledPeer(
      List<Line> lines, Block block, Findings findings) {
    Line header = lines.get(block.header());
    Findings said = new Findings("");
    ConfigReader reader = new ConfigReader(said, Dialect.WG);
    reader.header(header, header.content(), PeerName.of(lines, block));
    lines.subList(block.header() + 1, block.last() + 1).forEach(line -> reader.line(line, true));
    PeerSection section = reader.peer;
    reader.endPeer();
    said.inOrder().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .findFirst()
        .ifPresent(
            error ->
                findings.add(
                    FindingCode.DISABLED_PEER, error.line(), error.value(), error.message()));
    return section == null || section.publicKey == null
        ? Optional.empty()
        : Optional.of(PeerTable.disabled(section.publicKey, section));
  }

  /**
   * A line that is no header.
   *
   * @param within whether it is one of the section's own
   */
  private void line(Line line, boolean within) {
    String content = line.content();
    if (!content.isEmpty()) {
      setting(line, content);
    }
    if (OwnLine.isBehind(line)) {
      findings.add(FindingCode.METADATA_PLACE, line.number(), Shown.of(line.comment()));
    }
    OwnLine.of(line).ifPresent(said -> own(line, said, within));
  }

  private void own(Line line, OwnLine said, boolean within) {
    if (section == Section.UNKNOWN) {
      return;
    }
    OwnKey.Section at = section == Section.PEER ? OwnKey.Section.PEER : OwnKey.Section.INTERFACE;
    Optional<OwnKey<?>> key = OwnKey.of(said.key());
    if (section == Section.NONE || !within) {
      findings.add(FindingCode.METADATA_PLACE, line.number(), Shown.of(line.comment()));
    } else if (key.isEmpty()) {
      findings.add(
          FindingCode.METADATA_KEY,
          line.number(),
          Shown.of(OwnLine.PREFIX + said.key()),
          OwnKey.known(at));
    } else if (!key.get().belongsTo(at)) {
      findings.add(
          FindingCode.METADATA_SECTION, line.number(), key.get().toString(), OwnKey.known(at));
    } else {
      own(line, key.get(), said.value());
    }
  }

  private <T> void own(Line line, OwnKey<T> key, String value) {
    if (!ownSeen.add(key) && !key.isList()) {
      findings.add(FindingCode.REPEATED, line.number(), key.toString(), key);
    }
    try {
      T typed = key.parse(Shown.utf8(value));
      if (peer != null) {
        peer.own = peer.own.with(key, typed);
      } else {
        own = own.with(key, typed);
      }
    } catch (IllegalArgumentException e) {
      findings.add(
          FindingCode.METADATA_VALUE,
          line.number(),
          Shown.of(value),
          key,
          String.valueOf(e.getMessage()),
          key.form());
    }
  }

  private void header(Line line, String content, Optional<String> name) {
    endPeer();
    ownSeen.clear();
    switch (line.header()) {
      case "[interface]" -> {
        boolean exact = content.equalsIgnoreCase("[Interface]");
        section = exact ? Section.INTERFACE : Section.INTERFACE_OF_WG;
        if (interfaces++ > 0) {
          findings.add(FindingCode.INTERFACE_TWICE, line.number(), Shown.of(content));
        }
      }
      case "[peer]" -> {
        section = Section.PEER;
        peer = new PeerSection(line.number(), name);
        seen.removeIf(key -> key.reader == Key.Reader.WG_PEER);
      }
      default -> {
        section = Section.UNKNOWN;
        findings.add(FindingCode.UNKNOWN_SECTION, line.number(), Shown.unlessSecret(content));
      }
    }
  }

  private void setting(Line whole, String content) {
    int line = whole.number();
    if (section == Section.UNKNOWN) {
      return;
    }
    int equals = content.indexOf('=');
    String written = equals < 0 ? content : Blanks.trim(content.substring(0, equals));
    String name = Blanks.drop(written);
    if (section == Section.NONE) {
      findings.add(FindingCode.OUTSIDE_SECTION, line, keyShown(name));
      return;
    }
    if (equals < 0) {
      String remedy =
          content.startsWith(";") || content.startsWith("//")
              ? "Comments start with #"
              : "Write Key = value, or # before a comment";
      findings.add(FindingCode.NOT_A_SETTING, line, Shown.unlessSecret(content), remedy);
      return;
    }
    Key key = Key.of(name).orElse(null);
    if (key == null) {
      String remedy =
          Key.near(name)
              .map(near -> "Write " + near.text + ", if that is meant")
              .orElse("Remove the line, or put # before it; wg-quick refuses the file with it");
      findings.add(FindingCode.UNKNOWN_KEY, line, keyShown(name), remedy);
      return;
    }
    String value = Blanks.trim(content.substring(equals + 1));
    if ((key.reader == Key.Reader.WG_PEER) != (section == Section.PEER)) {
      findings.add(FindingCode.WRONG_SECTION, line, key.text, key.text, key.reader.section());
    } else if (key.reader == Key.Reader.WG_QUICK && dialect == Dialect.WG) {
      findings.add(FindingCode.WG_QUICK_KEY, line, key.text, key.text);
    } else if (key.reader == Key.Reader.WG_QUICK && section == Section.INTERFACE_OF_WG) {
      findings.add(FindingCode.SECTION_BLANKS, line, key.text, key.text);
    } else if (key.reader == Key.Reader.WG_QUICK && !written.equals(name)) {
      findings.add(FindingCode.KEY_BLANKS, line, Shown.of(written), key.text);
    } else {
      value(
          line,
          key,
          switch (key) {
            case PRE_UP, POST_UP, PRE_DOWN, POST_DOWN -> value.isEmpty() ? "" : whole.uncut();
            default -> key.reader == Key.Reader.WG_QUICK ? value : Blanks.drop(value);
          });
    }
  }

  private void value(int line, Key key, String value) {
    if (!seen.add(key) && !key.isList()) {
      findings.add(FindingCode.REPEATED, line, key.text, key.text);
    }
    if (key == Key.PUBLIC_KEY && peer != null) {
      peer.hasPublicKeyLine = true;
    }
    try {
      if (!value.isEmpty()) {
        take(line, key, value);
      } else if (key.reader == Key.Reader.WG_QUICK && key != Key.SAVE_CONFIG) {
        takeNothing(line, key);
      } else {
        findings.add(FindingCode.EMPTY, line, key.text, key.text);
      }
    } catch (BadValue bad) {
      String shown = key.isSecret() ? Shown.HIDDEN : Shown.of(value);
      findings.add(bad.code, line, shown, bad.details);
    }
  }

  private void take(int line, Key key, String value) throws BadValue {
    switch (key) {
      case PRIVATE_KEY -> privateKey = Values.secretKey(key, value);
      case LISTEN_PORT -> listenPort = values.listenPort(value);
      case FW_MARK -> fwMark = Values.fwMark(value);
      case MTU -> {
        mtu = Values.mtu(value);
        mtuLine = line;
      }
      case TABLE -> table = values.table(value);
      case SAVE_CONFIG -> {
        saveConfig = Values.saveConfig(value);
        if (saveConfig) {
          findings.add(FindingCode.SAVE_CONFIG_ON, line, value);
        }
      }
      case ADDRESS -> takeAddresses(line, value);
      case DNS -> lists.computeIfAbsent(key, k -> new ArrayList<>()).addAll(Values.words(value));
      case PRE_UP, POST_UP, PRE_DOWN, POST_DOWN ->
          lists.computeIfAbsent(key, k -> new ArrayList<>()).add(Shown.utf8(value));
      case PUBLIC_KEY, PRESHARED_KEY, ALLOWED_IPS, ENDPOINT, PERSISTENT_KEEPALIVE -> {
        if (peer != null) {
          take(line, key, value, peer);
        }
      }
    }
  }

  private void take(int line, Key key, String value, PeerSection peer) throws BadValue {
    switch (key) {
      case PUBLIC_KEY -> peer.publicKey = Values.publicKey(value);
      case PRESHARED_KEY -> peer.presharedKey = Values.secretKey(key, value);
      case ENDPOINT -> {
        peer.endpoint = values.endpoint(value);
        if (!value.startsWith("[") && peer.endpoint.host().indexOf(':') >= 0) {
          findings.add(FindingCode.ENDPOINT_BRACKETS, line, Shown.of(value), peer.endpoint);
        }
      }
      case PERSISTENT_KEEPALIVE -> peer.persistentKeepalive = Values.persistentKeepalive(value);
      default -> takeAllowedIps(line, value, peer);
    }
  }

  /** An empty value of wg-quick's keys is taken and means the default. */
  private void takeNothing(int line, Key key) {
    switch (key) {
      // Consoles write these as empty forms; an empty hook is no hook.
      case PRE_UP, POST_UP, PRE_DOWN, POST_DOWN -> {
        return;
      }
      case MTU -> mtu = null;
      case TABLE -> table = new Table.Auto();
      default -> {
        // Nothing to take back.
      }
    }
    findings.add(FindingCode.NO_VALUE, line, key.text, key.text);
  }

  private void takeAddresses(int line, String value) {
    for (String word : Values.words(value)) {
      try {
        Prefix address = Values.address(word);
        // The kernel tells IPv4 addresses apart by address and length, IPv6 by address alone.
        Prefix same = address.isIpv6() ? new Prefix(address.address(), 128) : address;
        if (!addressesSeen.add(same)) {
          findings.add(FindingCode.ADDRESS_TWICE, line, address.toString());
        } else {
          addresses.add(address);
        }
      } catch (BadValue bad) {
        findings.add(bad.code, line, Shown.of(word), bad.details);
      }
    }
  }

  private void takeAllowedIps(int line, String value, PeerSection peer) {
    peer.hasAllowedIpsLine = true;
    for (String word : value.split(",", -1)) {
      try {
        Prefix prefix = Values.allowedIp(word);
        Prefix masked = prefix.masked();
        if (!masked.equals(prefix)) {
          findings.add(FindingCode.HOST_BITS, line, Shown.of(word), masked);
        }
        peer.allowedIps.add(new PeerSection.AllowedIp(masked, line));
      } catch (BadValue bad) {
        findings.add(bad.code, line, Shown.of(word), bad.details);
      }
    }
  }

  private void endPeer() {
    if (peer != null) {
      peers.add(peer);
      peer = null;
    }
  }

  private Optional<TunnelConfig> finish(List<PeerConfig> disabled) {
    endPeer();
    if (dialect == Dialect.WG) {
      // Nothing is missed in it.
    } else if (interfaces == 0) {
      findings.add(FindingCode.NO_INTERFACE, 0, "");
    } else if (!seen.contains(Key.PRIVATE_KEY)) {
      findings.add(FindingCode.NO_PRIVATE_KEY, 0, "");
    }
    if (mtu != null && mtu < 1280 && addresses.stream().anyMatch(Prefix::isIpv6)) {
      findings.add(FindingCode.MTU_IPV6, mtuLine, mtu.toString());
    }
    if (findings.hasError()) {
      return Optional.empty();
    }
    return Optional.of(
        new TunnelConfig(
            Optional.ofNullable(privateKey),
            optional(listenPort),
            optional(fwMark),
            addresses,
            list(Key.DNS),
            optional(mtu),
            table,
            list(Key.PRE_UP),
            list(Key.POST_UP),
            list(Key.PRE_DOWN),
            list(Key.POST_DOWN),
            saveConfig,
            own,
            peers.peers(),
            disabled));
  }

  private List<String> list(Key key) {
    return lists.getOrDefault(key, List.of());
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** A key's name as a finding's value; what is too long for one may be a misplaced secret. */
  private static String keyShown(String name) {
    return name.length() > 32 ? Shown.HIDDEN : Shown.of(name);
  }
}
