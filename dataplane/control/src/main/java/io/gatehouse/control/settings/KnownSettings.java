// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import static io.gatehouse.control.settings.Setting.Part.BOTH;
import static io.gatehouse.control.settings.Setting.Part.CONSOLE;
import static io.gatehouse.control.settings.Setting.Part.DATA_PLANE;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every setting there is, in the order of the page and of the file in {@code etc/}. Both are made
 * from here (SettingsPageTest), and nothing else may be set.
 */
public final class KnownSettings {
  /** Every setting of both processes. */
  public static final List<Setting> ALL =
      List.of(
          new Setting(
              "gatehouse.tunnels.directory",
              "/etc/gatehouse/tunnels",
              path(),
              DATA_PLANE,
              "Where wg-quick files are dropped: NAME.conf becomes the tunnel NAME."),
          new Setting(
              "gatehouse.tunnels.first",
              "apply",
              words("apply", "approve"),
              DATA_PLANE,
              "What becomes of files that are in that directory when Gatehouse follows it for "
                  + "the first time, such as those of wg-quick in /etc/wireguard: apply brings "
                  + "their tunnels up, approve lets them wait until somebody has seen what they "
                  + "would do (gatehouse status) and says gatehouse approve."),
          new Setting(
              "gatehouse.state.directory",
              "/var/lib/gatehouse",
              path(),
              DATA_PLANE,
              "What must outlive a restart: numbers and counters of peers, tunnels that were taken"
                  + " down, digests of the files that have run, SNMP users and engine boots, a"
                  + " commit that waits to be confirmed, and history/, a git repository with all"
                  + " states of the tunnel directory, keys included."),
          new Setting(
              "gatehouse.history.size",
              "64",
              whole("MiB", 1, 1 << 20),
              DATA_PLANE,
              "How large that history may grow, in MiB. When it is full the "
                  + "oldest revisions go."),
          new Setting(
              "gatehouse.control.socket",
              "/run/gatehouse/control.sock",
              path(),
              BOTH,
              "UNIX socket between data plane and console, mode 0660."),
          new Setting(
              "gatehouse.control.group",
              "",
              text("the name of a group, or nothing"),
              DATA_PLANE,
              "Group that may use the control socket, by name. Empty: only root and the data "
                  + "plane's own user."),
          new Setting(
              "gatehouse.control.export",
              "false",
              truth(),
              DATA_PLANE,
              "Whether that group may also have files with their private and preshared keys "
                  + "over the control socket (file.export). Otherwise only root and the data "
                  + "plane's own user; the console never needs it. Each call is written to "
                  + "exports.log in the state directory."),
          new Setting(
              "gatehouse.hooks",
              "false",
              truth(),
              DATA_PLANE,
              "Whether PreUp, PostUp, PreDown and PostDown of files are run, as root or "
                  + "whoever the data plane is. Whoever can write a file there can then run any "
                  + "program. The console can neither add nor change such a line."),
          new Setting(
              "gatehouse.hooks.timeout",
              "30",
              whole("seconds", 1, 3600),
              DATA_PLANE,
              "How long the lines of one of these four may take together, in seconds, before "
                  + "they are killed. A tunnel whose PreUp or PostUp fails or takes longer is not "
                  + "brought up."),
          new Setting(
              "gatehouse.uapi.directory",
              "/var/run/wireguard",
              path(),
              DATA_PLANE,
              "Where wg(8) looks for NAME.sock. Other places work only for tools that are "
                  + "told so."),
          new Setting(
              "gatehouse.snmp.address",
              "127.0.0.1:1161",
              text("ADDRESS:PORT with a literal address, such as 127.0.0.1:1161 or [::1]:1161"),
              DATA_PLANE,
              "Where the SNMP agent answers, ADDRESS:PORT. It stays off until a user exists "
                  + "(gatehouse snmp user add NAME). Port 1161 does not clash with an snmpd; for "
                  + "stations that only know the standard port use 161, and an address of the "
                  + "management network instead of 127.0.0.1."),
          new Setting(
              "gatehouse.snmp.root",
              "1.3.6.1.4.1.8072.9999.9999.5182",
              text("numbers below 1.3.6.1.4.1, such as 1.3.6.1.4.1.99999.1"),
              DATA_PLANE,
              "Where WG-GATEWAY-MIB stands. The default is provisional, for private testing; "
                  + "a site with an enterprise number of its own gives a place below that. "
                  + "gatehouse snmp file NAME prints the MIB and the files of etc/monitoring for "
                  + "it."),
          new Setting(
              "gatehouse.snmp.users",
              "",
              text("the absolute path of a file, or nothing"),
              DATA_PLANE,
              false,
              "A file of SNMP users, for who configures machines by files: lines createUser NAME"
                  + " SHA-256 \"passphrase\" AES \"passphrase\" as in snmpd.conf(5); readable by"
                  + " its owner alone, or a credential of systemd (LoadCredential=snmp-users:...;"
                  + " then /run/credentials/UNIT/snmp-users). Lines informUser, written alike, are"
                  + " for targets that begin with inform:. Users can also be added while the data"
                  + " plane runs (gatehouse snmp user add, or the console)."),
          new Setting(
              "gatehouse.snmp.targets",
              "",
              text(
                  "USER@ADDRESS:PORT or inform:USER@ADDRESS:PORT with literal addresses, and commas"
                      + " between, or nothing"),
              DATA_PLANE,
              false,
              "Where notifications go, with commas between. USER@ADDRESS:PORT: SNMPv3 traps, with "
                  + "the keys of that SNMP user. inform:USER@ADDRESS:PORT: informs, for a user of "
                  + "the receiver's, whose passphrases stand behind informUser in the file of "
                  + "gatehouse.snmp.users. More can be added while the data plane runs (gatehouse "
                  + "snmp target add)."),
          new Setting(
              "gatehouse.snmp.v2c.sources",
              "",
              text("addresses or ADDRESS/LENGTH, and commas between, or nothing"),
              DATA_PLANE,
              "Stations that know nothing better than SNMPv2c, as addresses or ADDRESS/LENGTH "
                  + "with commas between. All goes in clear. The community is a random one, in "
                  + "snmp.community of the state directory. Empty: no SNMPv2c at all."),
          new Setting(
              "gatehouse.events.log",
              "false",
              truth(),
              DATA_PLANE,
              "Whether events (peer up or down, handshakes failing, and so on: "
                  + "docs/monitoring.md) are lines of the log, or entries with fields of the "
                  + "systemd journal where the log goes there."),
          new Setting(
              "gatehouse.events.syslog",
              "",
              text("ADDRESS:PORT with a literal address, such as 127.0.0.1:514, or nothing"),
              DATA_PLANE,
              "Where events go as syslog messages (RFC 5424 over UDP), ADDRESS:PORT; nowhere "
                  + "when empty."),
          new Setting(
              "gatehouse.metrics.address",
              "",
              text("ADDRESS:PORT with a loopback address, such as 127.0.0.1:9586, or nothing"),
              DATA_PLANE,
              "Where metrics are served for Prometheus, ADDRESS:PORT, such as 127.0.0.1:9586; "
                  + "off when empty. There is no log-in, so only a loopback address is taken: "
                  + "docs/monitoring.md tells of others."),
          new Setting(
              "gatehouse.queues",
              "auto",
              autoOr(1, 64),
              DATA_PLANE,
              "Queues of each TUN device and UDP sockets on each listen port, 1 to 64; each has two"
                  + " threads. auto: one with less than 4 processors, else one for every two"
                  + " processors, at most 8. Many tunnels on one machine keep its processors busy"
                  + " with one queue each."),
          new Setting(
              "gatehouse.workers",
              "auto",
              autoOr(0, 63),
              DATA_PLANE,
              "Threads that help where one flow or one peer brings more than a packet thread "
                  + "manages alone, 0 to 63, for all tunnels together. They sleep otherwise. auto: "
                  + "none with less than 4 processors, else two less than there are, at most 8."),
          new Setting(
              "gatehouse.aead.engine",
              "auto",
              words("auto", "vector", "libcrypto", "bouncycastle"),
              DATA_PLANE,
              "Cipher engine for packets: vector is our own on the Vector API, libcrypto is "
                  + "OpenSSL's where OpenSSL 3 is installed, bouncycastle is the slow reference. "
                  + "auto starts with what is right and ready, and some seconds later takes the "
                  + "fastest by a short race; the log says which and why."),
          new Setting(
              "gatehouse.offload.tun.tso",
              "true",
              truth(),
              DATA_PLANE,
              "Large TCP packets between kernel and data plane (TSO, TUN_F_TSO4 and 6). "
                  + "Offloads cost nothing when the kernel lacks them, and where it refuses one "
                  + "later packets go one by one (docs/offloads.md); false is for finding faults "
                  + "and for kernels that do damage without a word."),
          new Setting(
              "gatehouse.offload.tun.uso",
              "true",
              truth(),
              DATA_PLANE,
              "Large UDP packets between kernel and data plane (USO, TUN_F_USO4 and 6, Linux "
                  + "6.2)."),
          new Setting(
              "gatehouse.offload.udp.gso",
              "true",
              truth(),
              DATA_PLANE,
              "Many datagrams in one send (UDP_SEGMENT)."),
          new Setting(
              "gatehouse.offload.udp.gro",
              "true",
              truth(),
              DATA_PLANE,
              "Many datagrams in one receive (UDP_GRO)."),
          new Setting(
              "gatehouse.rehearsal",
              "true",
              truth(),
              DATA_PLANE,
              "Whether made-up packets and handshakes get the packet path compiled after the "
                  + "start, in time that nothing else wants. Without it the engine serves that is "
                  + "fast at once, not the fastest, and real traffic is slow until it has done "
                  + "the same; false is for where the processor has something better to do."),
          new Setting(
              "gatehouse.log.level",
              "INFO",
              words("SEVERE", "WARNING", "INFO", "FINE", "FINER"),
              DATA_PLANE,
              "How much is logged: SEVERE, WARNING, INFO, FINE (each handshake) or FINER."),
          new Setting(
              "gatehouse.console.address",
              "127.0.0.1",
              new Values.Address(),
              CONSOLE,
              "Address that the console listens on. The default is for this machine alone: "
                  + "reach it through an SSH tunnel, or give another address."),
          new Setting(
              "gatehouse.console.port",
              "8443",
              whole("", 1, 65535),
              CONSOLE,
              "HTTPS port of the console; there is no HTTP port."),
          new Setting(
              "gatehouse.console.state",
              "/var/lib/gatehouse-console",
              path(),
              CONSOLE,
              "Where the console keeps its users, tokens, audit and setup code."));

  private static final Map<String, Setting> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, Function.identity()));

  private KnownSettings() {}

  /** The setting of that name. */
  public static Optional<Setting> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * The setting of that name.
   *
   * @throws IllegalArgumentException if there is none: a mistake of the program
   */
  public static Setting get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException(name + " is not declared"));
  }

  private static Values truth() {
    return new Values.Truth();
  }

  private static Values path() {
    return new Values.AbsolutePath();
  }

  private static Values words(String... choices) {
    return new Values.Words(List.of(choices));
  }

  private static Values whole(String unit, int least, int most) {
    return new Values.Whole(unit, least, most, false);
  }

  private static Values autoOr(int least, int most) {
    return new Values.Whole("", least, most, true);
  }

  private static Values text(String words) {
    return new Values.Text(words);
  }
}
