// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.StockTools.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file is taken or refused, and means, what it does with {@code wg-quick strip | wg setconf}: by
 * hand-written cases and by random ones. {@link #STRICTER} lists where we refuse on purpose what
 * they take. Needs root, /dev/net/tun, wireguard-tools and wireguard-go.
 */
class StockParserIT {
  private static final String I =
      "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=\n";
  private static final String P =
      I + "[Peer]\nPublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=\n";

  /** Findings for which we refuse what the stock tools take, each with the reason. */
  private static final Map<Predicate<Finding>, String> STRICTER = new LinkedHashMap<>();

  static {
    STRICTER.put(
        f -> f.code().equals("LISTEN-PORT") && f.value().matches("\\+?[0-9]+|-.*"),
        "a port that does not fit 16 bits wraps around to another one");
    STRICTER.put(
        f -> f.code().equals("ENDPOINT-PORT") && f.value().matches(".*:(\\+?[0-9]+|-.*)"),
        "a port that does not fit wraps around, and to port 0 nothing can be sent");
    STRICTER.put(
        f -> f.code().equals("ENDPOINT") && f.value().matches("\\[?[0-9a-fA-FxX.]+]?:.*"),
        "getaddrinfo takes 127.1, 0x7f.1 and 010.0.0.1 for 127.0.0.1 and 8.0.0.1");
    STRICTER.put(
        f -> List.of("ADDRESS", "ADDRESS-TWICE", "MTU", "TABLE").contains(f.code()),
        "wg-quick up fails on it in the middle, after its first changes");
    STRICTER.put(
        f -> f.code().equals("METADATA-VALUE"),
        "a limit that cannot be read must not be left out without a word");
    STRICTER.put(
        f ->
            f.code().equals("NOT-A-SETTING")
                && Key.of(Blanks.trim(f.value()))
                    .filter(k -> k.reader == Key.Reader.WG_QUICK)
                    .isPresent(),
        "wg-quick takes a key without = for its own value: MTU as the MTU \"MTU\"");
  }

  @TempDir private static Path directory;
  private static ScratchInterface scratch;

  @BeforeAll
  static void makeInterface() throws IOException, InterruptedException {
    scratch =
        ScratchInterface.open(
            "ghp" + ProcessHandle.current().pid(), directory.resolve("wireguard-go.log"));
  }

  @AfterAll
  static void removeInterface() throws IOException, InterruptedException {
    if (scratch != null) {
      scratch.close();
    }
  }

  @Test
  void handWrittenFilesAreTakenAndRefusedAsTheStockToolsDo(@TempDir Path files)
      throws IOException, InterruptedException {
    List<byte[]> cases = new ArrayList<>();
    cases().forEach(text -> cases.add(text.getBytes(ISO_8859_1)));
    Dialects.names().forEach(name -> cases.add(Dialects.bytes(name)));
    compare(files, cases);
  }

  @Test
  void aDisabledPeerIsGoneForTheStockTools(@TempDir Path files)
      throws IOException, InterruptedException {
    List<byte[]> cases = new ArrayList<>();
    for (String name : Dialects.names()) {
      WgQuickFile file = Dialects.file(name);
      List<PeerConfig> peers = file.config().orElseThrow().peers();
      if (!peers.isEmpty()) {
        cases.add(file.edit(new FileEdit.Disable(peers.getLast().publicKey())).bytes());
      }
    }
    // All but those whose endpoints have names, which do not resolve here.
    assertThat(compare(files, cases)).isGreaterThanOrEqualTo(100);
  }

  @Test
  void randomFilesAreTakenAndRefusedAsTheStockToolsDo(@TempDir Path files)
      throws IOException, InterruptedException {
    RandomFiles random = new RandomFiles(20210914);
    List<byte[]> cases = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      cases.add(random.next());
    }
    int taken = compare(files, cases);
    // Neither of the two sides may go untested.
    assertThat(taken).isBetween(150, 450);
  }

  @Test
  void theyRefuseWhatWeRefuseExceptWhereWeAreStricterOnPurpose(@TempDir Path files)
      throws IOException, InterruptedException {
    List<BadInput> bad = BadInput.all();
    List<Outcome> outcomes =
        StockTools.read(scratch, files, bad.stream().map(BadInput::bytes).toList());
    for (int i = 0; i < bad.size(); i++) {
      assertThat(outcomes.get(i).showconf().isPresent())
          .as(bad.get(i).text())
          .isEqualTo(bad.get(i).stockTakesIt());
    }
  }

  /** Returns how many files both sides take. */
  private static int compare(Path place, List<byte[]> files)
      throws IOException, InterruptedException {
    List<Outcome> outcomes = StockTools.read(scratch, place, files);
    List<String> different = new ArrayList<>();
    int taken = 0;
    for (int i = 0; i < files.size(); i++) {
      Optional<String> difference = difference(files.get(i), outcomes.get(i));
      difference.ifPresent(different::add);
      taken += outcomes.get(i).showconf().isPresent() ? 1 : 0;
    }
    assertThat(different).isEmpty();
    return taken;
  }

  private static Optional<String> difference(byte[] bytes, Outcome stock) {
    WgQuickFile file = WgQuickFile.parse("wg0.conf", bytes);
    Optional<WgConfig> ours = file.config().map(TunnelConfig::wg);
    String shown = new String(bytes, ISO_8859_1) + "\n-- they: " + stock.errors();
    if (stock.stripped().isPresent()) {
      byte[] stripped = stock.stripped().get();
      if (!Arrays.equals(stripped, file.strip())) {
        return Optional.of("stripped otherwise: " + shown);
      }
      if (!allowed(WgFile.parse("-", stripped), stock)) {
        return Optional.of("wg takes or refuses the stripped one: " + shown);
      }
    }
    if (ours.isEmpty() != stock.showconf().isEmpty()) {
      boolean meant =
          ours.isEmpty() ? stricterOnPurpose(file.findings()) : isUnresolved(stock.errors());
      return meant ? Optional.empty() : Optional.of(shown + "\n-- we: " + file.findings());
    }
    if (ours.isEmpty()) {
      return Optional.empty();
    }
    WgConfig theirs = WgFile.parse("-", stock.showconf().orElseThrow()).config().orElseThrow();
    Object expected = SavedState.acts(asRunning(ours.get(), theirs));
    return expected.equals(SavedState.acts(theirs))
        ? Optional.empty()
        : Optional.of(
            shown + "\n-- we: " + ours.get().showconf() + "\n-- they: " + theirs.showconf());
  }

  private static boolean allowed(WgFile ours, Outcome stock) {
    return ours.config().isPresent() == stock.showconf().isPresent()
        || (ours.config().isEmpty()
            ? stricterOnPurpose(ours.findings())
            : isUnresolved(stock.errors()));
  }

  private static boolean stricterOnPurpose(List<Finding> findings) {
    return findings.stream()
        .filter(f -> f.severity() == Severity.ERROR)
        .allMatch(f -> STRICTER.keySet().stream().anyMatch(reason -> reason.test(f)));
  }

  /** Whether a host exists is no matter of the file; we ask when the tunnel comes up. */
  private static boolean isUnresolved(String errors) {
    return errors.contains("Name or service not known")
        || errors.contains("Temporary failure in name resolution")
        || errors.contains("No address associated with hostname");
  }

  /** What the interface makes of it: a free port, a resolved name, a lost zone, no own peer. */
  private static WgConfig asRunning(WgConfig config, WgConfig theirs) {
    PublicKey own = PublicKey.parse("/TOE4TKtAqVsePRVR+5AA43HkAK5DSntkOCO7nYq5xU=");
    List<PeerConfig> peers = new ArrayList<>();
    for (PeerConfig peer : config.peers()) {
      Optional<EndpointAddress> endpoint =
          peer.endpoint()
              .map(
                  e ->
                      new EndpointAddress(
                          e.host().equalsIgnoreCase("localhost")
                              ? "127.0.0.1"
                              : e.host().replaceAll("%.*", ""),
                          e.port()));
      peers.add(
          new PeerConfig(
              peer.publicKey(),
              peer.presharedKey(),
              peer.allowedIps(),
              endpoint,
              peer.persistentKeepalive(),
              Optional.empty(),
              0));
    }
    peers.removeIf(peer -> peer.publicKey().equals(own));
    OptionalInt port =
        config.listenPort().orElse(0) == 0 ? theirs.listenPort() : config.listenPort();
    return new WgConfig(config.privateKey(), port, config.fwMark(), peers);
  }

  private static List<String> cases() {
    return List.of(
        "",
        "\n",
        "  ",
        "# only a comment",
        "[Interface]",
        "[interface]\nprivatekey=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=",
        "[Interface] # x\n[Peer]# x\nPublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=#",
        "[Interface] = 3\n",
        "[Interface]\rListenPort = 7\n",
        "[\0Interface]\nMTU = 1400\n",
        P + "[Interface]\nListenPort = 7\n",
        I + I,
        P + "[Peer]\nPublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=\n",
        P + "AllowedIPs = 10.0.0.0/8\nAllowedIPs = 10.0.0.0/9, 10.0.0.0/8\n",
        // The own key as a peer is dropped silently.
        I + "[Peer]\nPublicKey = /TOE4TKtAqVsePRVR+5AA43HkAK5DSntkOCO7nYq5xU=\n",
        I + "ListenPort = +5\n",
        I + "ListenPort = 0\n",
        I + "ListenPort = 00000000005\n",
        I + "ListenPort = domain\n",
        I + "ListenPort = http\n",
        I + "ListenPort = Domain\n",
        I + "ListenPort = 0x10\n",
        I + "ListenPort = 1 2 3\n",
        I + "ListenPort = 7\nListenPort = 8\n",
        I + "ListenPort \u00a0= 7\n",
        I + "List\0enPort = 7\n",
        I + "\\MTU = 1400\n",
        I + "MTU \\= 1400\n",
        I + "\u000bMTU\u000b=\u000b1400\u000b\n",
        I + "FwMark = 0x+5\n",
        I + "FwMark = 010\n",
        I + "FwMark = 1 0\n",
        I + "FwMark = 0x00000000000000000005\n",
        I + "Private Key = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAEE=\n",
        I + "PrivateKey\n",
        I + "PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        I + "SaveConfig = TRUE\n",
        I + "SaveConfig\n",
        I + "PostUp\n",
        I + "PostUp = a # b = c\n",
        I + "Post Up = x\n",
        I + "DNS =\nAddress =\nMTU =\nTable =\nPreUp =\n",
        "[Peer]\nPostUp = x\n",
        P + "PresharedKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        P + "PersistentKeepalive = OFF\n",
        P + "PersistentKeepalive = 65535\n",
        P + "PersistentKeepalive = 0x10\n",
        P + "AllowedIPs = 10.0.0.1\n",
        P + "AllowedIPs = 10.1.2.3/8, fd00::1/8\n",
        P + "AllowedIPs = 10.0.0.1/032\n",
        P + "AllowedIPs = 10.0.0.0/8,\n",
        P + "AllowedIPs = 10.0.0.0/18446744073709551624\n",
        P + "AllowedIPs = ::ffff:1.2.3.4/96, ::1.2.3.4\n",
        P + "AllowedIPs = ::2:3:4:5:6:7:8, 1:2:3:4:5:6:7::\n",
        P + "AllowedIPs = ::01.2.3.4\n",
        P + "AllowedIPs = 1::2:3:4:5:6:7:8\n",
        P + "AllowedIPs = /8\n",
        P + "Endpoint = 192.0.2.1:0\n",
        P + "Endpoint = 192.0.2.1:+5\n",
        P + "Endpoint = 192.0.2.1:domain\n",
        P + "Endpoint = 127.1:5\n",
        P + "Endpoint = 0x7f.1:5\n",
        P + "Endpoint = 010.0.0.1:5\n",
        P + "Endpoint = 2130706433:5\n",
        P + "Endpoint = [192.0.2.1]:5\n",
        P + "Endpoint = [localhost]:5\n",
        P + "Endpoint = LOCALHOST:5\n",
        P + "Endpoint = nowhere.invalid:5\n",
        P + "Endpoint = ::1:5\n",
        P + "Endpoint = :::5\n",
        P + "Endpoint = [::1%lo]:5\n",
        P + "Endpoint = [fe80::1%lo]:5\n",
        P + "Endpoint = [fe80::1%1]:5\n",
        P + "Endpoint = [2001:db8::1%1]:5\n",
        P + "Endpoint = fe80::1%lo:5\n",
        P + "Endpoint = [::ffff:1.2.3.4]:5\n",
        P + "Endpoint = [::1]]:5\n",
        P + "Endpoint = [[::1]:5\n",
        P + "Endpoint = 1.2.3.4%lo:5\n",
        P + "Endpoint = [::00001]:5\n");
  }
}
