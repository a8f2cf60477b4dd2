// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpcCodecTest {
  @Test
  void aMessageIsOneLine() throws Exception {
    RpcMessage message =
        new RpcMessage.Notification(
            "status", Json.createObjectBuilder().add("text", "two\nlines").build());

    String line = RpcCodec.encode(message);

    assertThat(line).doesNotContain("\n");
    assertThat(RpcCodec.decode(line)).isEqualTo(message);
  }

  @Test
  void aRefusalKeepsItsCodeMessageAndFindings() throws Exception {
    FindingStatus finding = new FindingStatus("KEY-LENGTH", "ERROR", "wg0.conf", 4, "", "m", "r");

    RpcMessage message =
        RpcCodec.decode(
            RpcCodec.encode(
                new RpcMessage.Failure(
                    Json.createValue(3),
                    new ControlException(ControlException.REFUSED, "no", List.of(finding)))));

    assertThat(message).isInstanceOf(RpcMessage.Failure.class);
    ControlException error = ((RpcMessage.Failure) message).error();
    assertThat(error.code()).isEqualTo(ControlException.REFUSED);
    assertThat(error).hasMessage("no");
    assertThat(error.findings()).containsExactly(finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-32700 | {",
        "-32700 | nonsense",
        "-32700 | {\"jsonrpc\":\"2.0\"} trailing",
        "-32600 | 3",
        "-32600 | [{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}]",
        "-32600 | {\"id\":1,\"method\":\"status\"}",
        "-32600 | {\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"status\"}",
        "-32600 | {\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"status\"}",
        "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1}",
        "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "-32600 | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\",\"params\":1}",
      })
  void aLineThatIsNoMessageGetsTheAnswerOfTheSpecification(int code, String line) {
    assertThatThrownBy(() -> RpcCodec.decode(line))
        .isInstanceOfSatisfying(
            RpcFormatException.class, e -> assertThat(e.answer().error().code()).isEqualTo(code));
  }

  @Test
  void deepNestingIsAParseErrorNotAStackOverflow() {
    assertThatThrownBy(() -> RpcCodec.decode("[".repeat(1 << 20)))
        .isInstanceOf(RpcFormatException.class);
  }

  @Test
  void damagedLinesNeverEscapeAsAnythingElse() {
    Random random = new Random(20);
    String whole =
        RpcCodec.encode(
            new RpcMessage.Request(
                Json.createValue("a"), "peer.add", Json.createObjectBuilder().add("x", 1).build()));
    for (int round = 0; round < 20_000; round++) {
      StringBuilder line = new StringBuilder(whole);
      for (int damage = random.nextInt(4); damage >= 0; damage--) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(3)) {
          case 0 -> line.setCharAt(at, (char) random.nextInt(0x250));
          case 1 -> line.deleteCharAt(at);
          default -> line.insert(at, whole, 0, random.nextInt(whole.length()));
        }
      }
      try {
        assertThat(RpcCodec.decode(line.toString())).isNotNull();
      } catch (RpcFormatException e) {
        assertThat(e.answer().error().code()).isBetween(-32700, -32600);
      }
    }
  }

  @Test
  void paramsStayOutOfToString() {
    JsonValue params = Json.createObjectBuilder().add("authPassphrase", "swordfish").build();

    assertThat(new RpcMessage.Request(JsonValue.NULL, "snmp.user.add", params).toString())
        .doesNotContain("swordfish");
  }
}
