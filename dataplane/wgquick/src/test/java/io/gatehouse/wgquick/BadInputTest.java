// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.wgquick.Finding.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
  @ParameterizedTest
  @MethodSource("all")
  void isRefusedWithCodeLineValueAndRemedy(BadInput bad) {
    WgQuickFile file = WgQuickFile.parse("wg0.conf", bad.bytes());
    assertThat(file.config()).isEmpty();
    List<Finding> errors =
        file.findings().stream().filter(f -> f.severity() == Severity.ERROR).toList();
    assertThat(errors).hasSize(1);
    Finding error = errors.getFirst();
    assertThat(error.code()).isEqualTo(bad.code());
    assertThat(error.file()).isEqualTo("wg0.conf");
    assertThat(error.line()).isEqualTo(bad.line());
    assertThat(error.value()).isEqualTo(bad.value());
    assertThat(error.message()).isNotBlank().doesNotContain("%s");
    assertThat(error.remedy()).isNotBlank().doesNotContain("%s");
  }

  @Test
  void aMisspeltKeyIsGuessed() {
    assertThat(only("[Interface]\nListenPrt = 1\n").remedy()).contains("ListenPort");
    assertThat(only("[Interface]\nTabel = off\n").remedy()).contains("Table");
    assertThat(only("[Interface]\nJc = 4\n").remedy()).contains("Remove");
  }

  @Test
  void everyErrorIsReported() {
    WgQuickFile file = parse("wg0.conf", "[Interface]\nFoo = 1\nListenPort = x\n[Peer]\nMTU = 1\n");
    assertThat(file.findings())
        .filteredOn(f -> f.severity() == Severity.ERROR)
        .extracting(Finding::code)
        .containsExactly("UNKNOWN-KEY", "LISTEN-PORT", "NO-PUBLIC-KEY", "WRONG-SECTION");
  }

  @Test
  void noFindingShowsASecret() {
    String secret = "6K2bvaCBiLb8XIyPq0qHnkRTRtqlNKFpT0DsBLVbdXg=";
    for (String text :
        List.of(
            "PrivateKey = " + secret + "x",
            "PrivatKey = " + secret,
            "PrivateKey " + secret,
            secret,
            "PresharedKey = x" + secret,
            "[" + secret + "]")) {
      for (Finding finding : parse("wg0.conf", "[Interface]\n" + text + "\n").findings()) {
        assertThat(finding.toString()).doesNotContain("bvaCBiLb8XI");
      }
    }
  }

  @Test
  void aValueCannotForgeALogLine() {
    Finding finding = only("[Interface]\nMTU = 1\u001b[31m\u0007\u0085\n");
    assertThat(finding.toString().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
  }

  @Test
  void theFileNameMustGiveAnInterfaceName() {
    Finding finding = parse("not a name.conf", "[Interface]\n").findings().getFirst();
    assertThat(finding.code()).isEqualTo("FILE-NAME");
    assertThat(finding.line()).isZero();
  }

  @Test
  void aFileAboveFourMegabytesIsRefusedButKept() {
    byte[] bytes = new byte[WgQuickFile.LARGEST + 1];
    WgQuickFile file = WgQuickFile.parse("wg0.conf", bytes);
    assertThat(file.findings()).extracting(Finding::code).containsExactly("TOO-LARGE");
    assertThat(file.bytes()).isEqualTo(bytes);
  }

  @Test
  void whatIsOddButTakenIsWarnedAbout() {
    String text =
        """
        [Interface]
        ListenPort = 1
        ListenPort = 2
        Address = fd00::1/64
        MTU = 1000
        Table =
        SaveConfig = TRUE
        [Peer]
        PublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=
        AllowedIPs = 10.0.0.1/8
        Endpoint = 2001:db8::1:51820
        """;
    WgQuickFile file = parse("wg0.conf", text);
    assertThat(file.findings())
        .extracting(Finding::code)
        .containsExactly(
            "NO-PRIVATE-KEY",
            "REPEATED",
            "MTU-IPV6",
            "NO-VALUE",
            "SAVE-CONFIG-ON",
            "HOST-BITS",
            "ENDPOINT-BRACKETS");
    TunnelConfig config = file.config().orElseThrow();
    assertThat(config.listenPort()).hasValue(2);
    assertThat(config.peers().getFirst().allowedIps())
        .map(Prefix::toString)
        .containsExactly("10.0.0.0/8");
    assertThat(config.peers().getFirst().endpoint())
        .contains(new EndpointAddress("2001:db8::1", 51820));
  }

  static Stream<BadInput> all() {
    return BadInput.all().stream();
  }

  private static Finding only(String text) {
    return parse("wg0.conf", text).findings().stream()
        .filter(f -> f.severity() == Severity.ERROR)
        .findFirst()
        .orElseThrow();
  }

  private static WgQuickFile parse(String name, String text) {
    return WgQuickFile.parse(name, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
