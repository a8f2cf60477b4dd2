// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.interop.Guide.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the guides tell a reader to type does what they say. Blocks are typed in the order of the
 * page; what one has printed last is there to be pasted into the next.
 *
 * <pre>
 *   192.168.1.1 eth1 gateway 203.0.113.1 ──── 203.0.113.2 laptop, branch eth1 192.168.2.1
 * </pre>
 */
class GuidesIT {
  /** Every page that has such blocks, with its stories. */
  private static final Map<String, Set<String>> GUIDES =
      Map.ofEntries(
          Map.entry("../README.md", Set.of("")),
          Map.entry("road-warriors.md", Set.of("")),
          Map.entry("site-to-site.md", Set.of("")),
          Map.entry("moving-in.md", Set.of("wg-quick", "wg-easy", "wgdashboard", "pivpn")),
          Map.entry("operating.md", Set.of("")),
          Map.entry("history.md", Set.of("")),
          Map.entry("backup.md", Set.of("made", "restored")),
          Map.entry("plan.md", Set.of("")),
          Map.entry("control.md", Set.of("subscribe", "edit")),
          Map.entry("monitoring.md", Set.of("targets")),
          Map.entry("offloads.md", Set.of("")));

  private static final Path DIALECTS =
      Lab.PROJECT.resolve("dataplane/wgquick/src/test/resources/dialects");

  private Lab lab;
  private Reader gateway;
  private Reader other;

  @BeforeEach
  void start() {
    lab = new Lab();
    network(lab.gateway, "192.168.1.1/24");
    network(lab.peer, "192.168.2.1/24");
    gateway = new Reader(lab, lab.gateway);
    other = new Reader(lab, lab.peer);
  }

  @AfterEach
  void end() {
    lab.close();
  }

  @Test
  void everyPageThatSaysWhatToTypeIsRead() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    try (var pages = Files.list(Guide.pages())) {
      Stream.concat(
              Stream.of("../README.md"),
              pages.map(page -> page.getFileName().toString()).filter(name -> name.endsWith(".md")))
          .forEach(
              name -> {
                Set<String> scenes =
                    Guide.read(name).blocks().stream().map(Block::scene).collect(toSet());
                if (!scenes.isEmpty()) {
                  found.put(name, scenes);
                }
              });
    }
    assertThat(found).isEqualTo(new TreeMap<>(GUIDES));
  }

  @Test
  void readme() {
    gateway.startGatehouse(lab);
    read(Guide.read("../README.md").scene(""), Map.of("gateway", gateway));
  }

  @Test
  void roadWarriors() {
    gateway.startGatehouse(lab);
    read(Guide.read("road-warriors.md").scene(""), Map.of("gateway", gateway, "laptop", other));
  }

  @Test
  void siteToSite() {
    gateway.startGatehouse(lab);
    other.startGatehouse(lab);
    read(Guide.read("site-to-site.md").scene(""), Map.of("gateway", gateway, "branch", other));
  }

  @Test
  void movingInFromWgQuick() {
    put(gateway.file("/etc/wireguard/wg0.conf"), text("pivpn/clients-1.conf"));
    assertThat(gateway.type("wg-quick up wg0", "").succeeded()).contains("wg0");
    gateway.startGatehouse(lab);
    read(Guide.read("moving-in.md").scene("wg-quick"), Map.of("gateway", gateway));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wg-easy/v15-clients-3", "wgdashboard/peers-2", "pivpn/clients-2-off-1"})
  void movingInFromAConsole(String file) {
    put(gateway.directory().resolve("wg0.conf"), text(file + ".conf"));
    gateway.startGatehouse(lab);
    String scene = file.substring(0, file.indexOf('/'));
    read(Guide.read("moving-in.md").scene(scene), Map.of("gateway", gateway));
    String key =
        text(file + ".conf")
            .lines()
            .filter(l -> l.startsWith("PublicKey = "))
            .findFirst()
            .orElseThrow()
            .substring(12);
    eventually(
        "its first peer is there",
        () -> gateway.type("wg show wg0 peers", "").output().contains(key));
  }

  @Test
  void history() {
    gateway.startGatehouse(lab);
    twoRevisions();
    read(Guide.read("history.md").scene(""), Map.of("gateway", gateway));
  }

  @Test
  void operating() {
    gateway.startGatehouse(lab);
    put(other.file("/etc/gatehouse/tunnels/wg0.conf"), twoRevisions());
    read(Guide.read("operating.md").scene(""), Map.of("gateway", gateway, "stranded", other));
  }

  @Test
  void whatReferencePagesSay() throws IOException {
    gateway.startGatehouse(lab);
    twoRevisions();
    read(Guide.read("plan.md").scene(""), Map.of("gateway", gateway));
    read(Guide.read("control.md").scene("edit"), Map.of("gateway", gateway));
    assertThat(gateway.type("gatehouse plan", "").succeeded()).contains("Nothing to do");
    Block subscribe = Guide.read("control.md").scene("subscribe").getFirst();
    // Nobody waits a minute here.
    assertThat(gateway.type(subscribe.commands().replace("sleep 60", "true"), "").succeeded())
        .contains("\"result\":{\"version\"", "\"name\":\"wg0\"");

    String passphrases = "a long passphrase\nanother passphrase\n";
    gateway.type("gatehouse snmp user add monitor", passphrases).succeeded();
    Daemon station = station(passphrases.lines().toList());
    Block targets = Guide.read("monitoring.md").scene("targets").getFirst();
    gateway.type(targets.commands(), passphrases).succeeded();
    // By its number, as net-snmp comes without MIBs.
    station.ready("the station has the test", () -> station.log().contains("9999.9999.5182.0.10"));

    read(Guide.read("offloads.md").scene(""), Map.of("gateway", other));
    assertThat(other.type("wg show wg0", "").succeeded()).contains("interface: wg0");
  }

  /** A station at 192.0.2.10, with a user of its own for informs. */
  private Daemon station(List<String> passphrases) throws IOException {
    lab.peer.run("ip", "address", "add", "192.0.2.10/32", "dev", "lo");
    lab.gateway.run("ip", "route", "add", "192.0.2.10/32", "via", "203.0.113.2");
    Path conf =
        Files.writeString(
            other.directory().resolve("snmptrapd.conf"),
            """
            createUser trapuser SHA-256 "%s" AES "%s"
            authUser log trapuser priv
            """
                .formatted(passphrases.get(0), passphrases.get(1)));
    Map<String, String> own = Map.of("SNMP_PERSISTENT_DIR", other.directory().toString());
    String[] words = {
      "/usr/sbin/snmptrapd",
      "-f",
      "-Lo",
      "-On",
      "-m",
      "",
      "-C",
      "-c",
      conf.toString(),
      "-p",
      other.directory().resolve("pid").toString(),
      "udp:192.0.2.10:162"
    };
    Daemon station = lab.keep(lab.peer.start(own, words));
    station.ready("the station listens", () -> station.log().contains("NET-SNMP version"));
    return station;
  }

  /** The machine that is restored is the same gateway: same key, same history. */
  @Test
  void backup() throws IOException {
    // The console's state, each machine's own, and not that of the machine that tests.
    for (Reader reader : List.of(gateway, other)) {
      put(
          reader.file("/etc/gatehouse/gatehouse.properties"),
          "gatehouse.console.state=/var/lib/gatehouse/console\n");
      Files.createDirectory(reader.file("/var/lib/gatehouse/console"));
    }
    put(gateway.file("/var/lib/gatehouse/console/users"), "of the console");
    gateway.startGatehouse(lab);
    twoRevisions();
    read(Guide.read("backup.md").scene("made"), Map.of("gateway", gateway));
    for (String file : List.of("gateway.backup", "backup-passphrase")) {
      Files.copy(gateway.directory().resolve(file), other.directory().resolve(file));
    }
    read(Guide.read("backup.md").scene("restored"), Map.of("new", other));
    other.startGatehouse(lab);
    for (String same :
        List.of("wg show wg0 public-key", "wg show wg0 allowed-ips", "gatehouse history list")) {
      String here = gateway.type(same, "").succeeded();
      eventually(
          "the new machine says the same to: " + same,
          () -> other.type(same, "").output().equals(here),
          () -> other.type(same, "").output() + " instead of " + here);
    }
    assertThat(other.file("/var/lib/gatehouse/console/users")).hasContent("of the console");
  }

  /** A tunnel of the gateway that has been changed once; its text before. */
  private String twoRevisions() {
    Path file = gateway.file("/etc/gatehouse/tunnels/wg0.conf");
    String text =
        """
        [Interface]
        PrivateKey = %s
        Address = 10.0.0.1/24
        ListenPort = 51820

        [Peer]
        PublicKey = %s
        AllowedIPs = 10.0.0.2/32
        """
            .formatted(Example.GATEWAY.privateKey(), Example.PEER.publicKey());
    put(file, text);
    revisions(1);
    put(file, text.replace("10.0.0.2/32", "10.0.0.2/32, 10.1.0.0/24"));
    revisions(2);
    return text;
  }

  private void revisions(int count) {
    eventually(
        "there are " + count + " revisions",
        () -> gateway.type("gatehouse history list", "").output().lines().count() >= count);
  }

  private static void read(List<Block> blocks, Map<String, Reader> readers) {
    assertThat(blocks).isNotEmpty();
    String printed = "";
    for (Block block : blocks) {
      Reader reader =
          Optional.ofNullable(readers.get(block.machine()))
              .orElseThrow(
                  () ->
                      new AssertionError(
                          "Line " + block.line() + ": no machine " + block.machine()));
      Command[] last = {reader.type(block.commands(), printed)};
      if (block.eventually()) {
        String pasted = printed;
        eventually(
            "what line " + block.line() + " asks for",
            () -> {
              if (last[0].exitCode() != 0) {
                last[0] = reader.type(block.commands(), pasted);
              }
              return last[0].exitCode() == 0;
            },
            () -> last[0].output());
      }
      printed = lastLine(last[0].succeeded());
    }
  }

  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b) + "\n";
  }

  private static void network(NetworkNamespace machine, String address) {
    machine.run("ip", "link", "add", "dev", "eth1", "type", "veth", "peer", "name", "switch");
    machine.run("ip", "address", "add", address, "dev", "eth1");
    machine.run("ip", "link", "set", "dev", "eth1", "up");
    machine.run("ip", "link", "set", "dev", "switch", "up");
  }

  private static String text(String dialect) {
    try {
      return Files.readString(DIALECTS.resolve(dialect));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Path file, String text) {
    try {
      Path half =
          Files.createFile(file.resolveSibling(".half"), asFileAttribute(fromString("rw-------")));
      Files.move(Files.writeString(half, text), file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
