// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of the folder {@code wg-quick} is brought up by stock wg-quick on wireguard-go and by
 * us, on machines that are alike, and everything that the stock tools can see is compared; and
 * again after it was taken down. docs/wg-quick.md shows the result and cannot differ from it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WgQuickComparisonIT {
  private static final Path FILES =
      Path.of("src/test/resources/io/gatehouse/daemon/interop/wg-quick");
  private static final Path PAGE = Lab.PROJECT.resolve("docs/wg-quick.md");
  private static final int STOCK_MACHINES = 2;

  /**
   * A difference that is meant.
   *
   * @param keys JSON keys in which alone the states may differ, and must
   * @param stockRefuses whether stock wg-quick fails, and we do not
   * @param why for the page
   */
  private record Difference(Set<String> keys, boolean stockRefuses, String why) {}

  /** All of them. */
  private static final Map<String, Difference> DIFFERENCES =
      Map.of(
          "mtu-two-ways",
          new Difference(
              Set.of("mtu"),
              false,
              "MTU 1320 instead of 1420: stock takes the widest way to an endpoint, so packets to"
                  + " the other peer do not fit; ours takes the narrowest"),
          "dns-no-manager",
          new Difference(
              Set.of(),
              true,
              "stock fails for want of resolvconf; ours comes up, leaves the name servers alone and"
                  + " warns (NO-DNS-MANAGER)"));

  /** How one of both dealt with a file. */
  private record Result(boolean up, MachineState during, MachineState after, String said) {}

  private final Lab lab = new Lab();
  private final Map<String, Result> stock = new ConcurrentHashMap<>();
  private final Map<String, Result> ours = new ConcurrentHashMap<>();
  private final List<NetworkNamespace> stockMachines = new ArrayList<>();

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".conf", ""))
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  void bringAllUpAndDown() throws Exception {
    List<String> names = names();
    List<Callable<Boolean>> lanes = new ArrayList<>();
    for (int i = 0; i < STOCK_MACHINES; i++) {
      NetworkNamespace machine = machine("stock" + i);
      stockMachines.add(machine);
      int lane = i;
      lanes.add(
          () -> {
            for (int n = lane; n < names.size(); n += STOCK_MACHINES) {
              stock.put(names.get(n), byStock(machine, names.get(n)));
            }
            return true;
          });
    }
    NetworkNamespace gateway = machine("ours");
    lanes.add(
        () -> {
          Gatehouse gatehouse = Gatehouse.start(lab, gateway);
          for (String name : names) {
            ours.put(name, byUs(gatehouse, gateway, name));
          }
          return true;
        });
    try (ExecutorService threads = Executors.newFixedThreadPool(lanes.size())) {
      for (Future<Boolean> lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    }
  }

  @AfterAll
  void clear() {
    for (NetworkNamespace machine : stockMachines) {
      for (String pid :
          Command.run(List.of("ip", "netns", "pids", machine.name())).output().lines().toList()) {
        ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    lab.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void leavesTheMachineAsStockWgQuickDoes(String name) {
    Result theirs = stock.get(name);
    Result mine = ours.get(name);
    Difference difference = DIFFERENCES.get(name);
    assertThat(mine.after())
        .as("after down" + difference(theirs.after(), mine.after()))
        .isEqualTo(theirs.after());
    if (difference == null) {
      assertThat(mine.up())
          .as("stock: " + theirs.said() + "\nours: " + mine.said())
          .isEqualTo(theirs.up());
      assertThat(mine.during())
          .as("while up" + difference(theirs.during(), mine.during()))
          .isEqualTo(theirs.during());
    } else if (difference.stockRefuses()) {
      assertThat(theirs.up()).as(theirs.said()).isFalse();
      assertThat(mine.up()).as(mine.said()).isTrue();
    } else {
      assertThat(theirs.up() && mine.up()).as(theirs.said() + mine.said()).isTrue();
      assertThat(mine.during()).isNotEqualTo(theirs.during());
      MachineState stockRest = theirs.during().without(difference.keys());
      MachineState ourRest = mine.during().without(difference.keys());
      assertThat(ourRest).as(difference(stockRest, ourRest)).isEqualTo(stockRest);
    }
  }

  @Test
  void aFileThatIsRefusedChangesNothing() {
    MachineState bare = stock.get("ipv4").after();
    for (Map<String, Result> side : List.of(stock, ours)) {
      assertThat(side.values()).anyMatch(result -> !result.up());
      side.forEach(
          (name, result) -> {
            if (!result.up()) {
              assertThat(result.during()).as(name + result.said()).isEqualTo(bare);
            }
          });
    }
  }

  @Test
  void thePageShowsTheResult() throws IOException {
    StringBuilder table = new StringBuilder();
    table.append("| file | what is in it | equal | difference, and why |\n");
    table.append("| --- | --- | --- | --- |\n");
    for (String name : names()) {
      Difference difference = DIFFERENCES.get(name);
      String equal =
          difference != null ? "no" : stock.get(name).up() ? "yes" : "yes: both refuse it";
      table.append(
          "| %s | %s | %s | %s |%n"
              .formatted(name, about(name), equal, difference == null ? "" : difference.why()));
    }
    if (!Files.exists(PAGE) || !Files.readString(PAGE).contains(table)) {
      fail("The table of docs/wg-quick.md must be:\n" + table);
    }
    assertThat(names()).hasSizeGreaterThanOrEqualTo(40);
  }

  private static String about(String name) throws IOException {
    String first =
        new String(Files.readAllBytes(FILES.resolve(name + ".conf")), UTF_8)
            .lines()
            .findFirst()
            .orElseThrow();
    assertThat(first).startsWith("# ");
    return first.substring(2);
  }

  /** A machine with a wide way, a narrow one, and a route with an MTU of its own. */
  private NetworkNamespace machine(String name) {
    NetworkNamespace machine = lab.machine(name);
    machine.run(
        "sh",
        "-ec",
        """
        wire() {
          ip link add "$1" type veth peer name "far$1"
          ip link set "$1" address "$2" mtu "$3"
          ip link set "far$1" address "$4" mtu "$3"
          ip address add "$5" dev "$1"
        }
        wire eth0 02:00:00:00:00:01 1500 02:00:00:00:00:02 203.0.113.1/24
        wire eth1 02:00:00:00:01:01 1400 02:00:00:00:01:02 198.51.100.1/24
        ip address add 2001:db8::1/64 dev eth0 nodad
        for dev in eth0 fareth0 eth1 fareth1; do
          echo 0 > /proc/sys/net/ipv6/conf/$dev/accept_dad
          ip link set "$dev" up
        done
        ip route add default via 203.0.113.254
        ip -6 route add default via 2001:db8::fe dev eth0
        ip route add 100.64.9.0/24 via 203.0.113.254 mtu 1380
        """);
    return machine;
  }

  private static Result byStock(NetworkNamespace machine, String name) throws IOException {
    Path file = machine.home().resolve("wg0.conf");
    Files.write(file, Files.readAllBytes(FILES.resolve(name + ".conf")));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Command up =
        machine.tryRun(
            "sh",
            "-c",
            """
            sysctl -qw net.ipv4.conf.all.src_valid_mark=0
            WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go wg-quick up "$0" && echo '== up'
            """
                + MachineState.SCRIPT,
            file.toString());
    boolean isUp = up.output().contains("\n== up\n");
    Command down =
        machine.tryRun(
            "sh",
            "-c",
            (isUp ? "wg-quick down \"$0\" || exit 1\n" : "")
                // wireguard-go ends a little later than its interface.
                + "for i in $(seq 500); do [ -e /run/wireguard/wg0.sock ] || break; sleep 0.02; done\n"
                + MachineState.SCRIPT,
            file.toString());
    down.succeeded();
    return new Result(
        isUp, MachineState.read(up.output()), MachineState.read(down.output()), said(up.output()));
  }

  private static Result byUs(Gatehouse gatehouse, NetworkNamespace machine, String name)
      throws IOException {
    machine.run("sysctl", "-qw", "net.ipv4.conf.all.src_valid_mark=0");
    Daemon daemon = gatehouse.daemon();
    int before = daemon.log().length();
    Path half = Files.createTempFile(machine.home(), "half", "");
    Files.write(half, Files.readAllBytes(FILES.resolve(name + ".conf")));
    Files.move(half, gatehouse.tunnels().resolve("wg0.conf"));
    daemon.ready(
        name + " is up or refused",
        () ->
            log(daemon, before).contains(" SEVERE ") || log(daemon, before).contains(" runs as "));
    String said = log(daemon, before);
    boolean up = said.contains(" runs as ");
    MachineState during = up ? state(machine) : stateBetweenTries(machine);
    gatehouse.remove("wg0.conf");
    daemon.ready(name + " is down", () -> log(daemon, before).contains("wg0.conf is gone"));
    return new Result(up, during, state(machine), said);
  }

  /** What is refused is tried again now and then, for a moment; no two moments look the same. */
  private static MachineState stateBetweenTries(NetworkNamespace machine) {
    MachineState before = state(machine);
    MachineState now = state(machine);
    while (!now.equals(before)) {
      before = now;
      now = state(machine);
    }
    return now;
  }

  private static String log(Daemon daemon, int from) {
    return daemon.log().substring(from);
  }

  private static MachineState state(NetworkNamespace machine) {
    return MachineState.read(machine.run("sh", "-c", MachineState.SCRIPT));
  }

  private static String said(String output) {
    return output.substring(0, Math.max(0, output.indexOf("== "))) + " ...";
  }

  private static String difference(MachineState stock, MachineState ours) {
    return MachineState.difference(stock, ours);
  }
}
