// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.wgquick.SecretKey;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final String KEY = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

  @Test
  void everyRecordOfTheContractComesBackAsItWent() {
    PeerStatus peer =
        new PeerStatus(
            7,
            KEY,
            "laptop",
            PeerState.UP,
            "[fe80::1%2]:51820",
            List.of("10.0.0.2/32", "fd00::/64"),
            true,
            25,
            1_700_000_000L,
            12,
            1_700_000_100L,
            Long.MAX_VALUE,
            2,
            3,
            4,
            List.of(new DropStatus("REPLAYED", 5)),
            1_900_000_000L,
            Optional.of(new QuotaStatus(1L << 40, "month", 17, 1_800_000_000L)),
            List.of("laptops", "Vienna"),
            "on leave");
    FindingStatus finding = new FindingStatus("CIDR", "ERROR", "wg0.conf", 3, "x/33", "m", "r");
    TunnelStatus tunnel =
        new TunnelStatus(
            "wg0",
            "wg0.conf",
            TunnelStatus.State.UP,
            4,
            KEY,
            51820,
            0,
            1420,
            List.of("10.0.0.1/24"),
            List.of(peer),
            List.of(finding),
            1,
            2,
            3,
            4,
            5,
            6,
            List.of(new DropStatus("BAD_MAC1", Long.MAX_VALUE)),
            List.of(
                new OffloadStatus(
                    "UDP_GSO", OffloadStatus.Use.ON, "gatehouse.offload.udp.gso", 3, "EIO")),
            7);
    GatewayStatus status = new GatewayStatus("1", "/etc/gatehouse/tunnels", 1, 2, List.of(tunnel));

    assertThat(RecordCodec.read(RecordCodec.write(status), GatewayStatus.class)).isEqualTo(status);
  }

  @Test
  void anOptionalThatIsAbsentIsLeftOutAndComesBackEmpty() {
    PeerAddition addition = new PeerAddition("wg0", "", KEY, List.of(), "", 0, Optional.empty());

    JsonValue json = RecordCodec.write(addition);

    assertThat(json.asJsonObject()).doesNotContainKey("presharedKey");
    assertThat(RecordCodec.read(json, PeerAddition.class)).isEqualTo(addition);
  }

  @Test
  void recordsOfASealedInterfaceSayWhichTheyAre() {
    EditRequest request =
        new EditRequest(
            List.of(
                new FileSteps(
                    "wg0.conf",
                    Optional.empty(),
                    List.of(
                        new EditStep.Set(Optional.of(KEY), "AllowedIPs", List.of("10.0.0.2/32")),
                        new EditStep.RemovePeer(KEY)))),
            true,
            Optional.empty());
    JsonValue json = RecordCodec.write(request);
    assertThat(json.toString())
        .contains("{\"kind\":\"set\",\"peer\":\"" + KEY, "{\"kind\":\"removePeer\",\"peer\"");
    assertThat(RecordCodec.read(json, EditRequest.class)).isEqualTo(request);
    assertThatThrownBy(
            () -> RecordCodec.read(Json.createObjectBuilder().build(), EditStep.class, "step"))
        .hasMessage("step.kind must be a string");
    assertThatThrownBy(
            () ->
                RecordCodec.read(
                    Json.createObjectBuilder().add("kind", "burn").build(), EditStep.class, "step"))
        .hasMessage("step.kind is none of the known words");
    assertThat(
            new EditStep.Set(Optional.empty(), "privatekey", List.of(KEY)).toString()
                + new EditStep.AddPeer(
                    KEY, "", List.of(), "", 0, Optional.of(SecretKey.parse(KEY.replace('A', 'B')))))
        .doesNotContain("=[" + KEY)
        .contains("(hidden)")
        .doesNotContain(KEY.replace('A', 'B'));
  }

  @Test
  void secretsTravelInClearAndPrintMasked() {
    PeerAddition addition =
        new PeerAddition("wg0", "", KEY, List.of(), "", 0, Optional.of(SecretKey.parse(KEY)));

    JsonValue json = RecordCodec.write(addition);

    assertThat(json.asJsonObject().getString("presharedKey")).isEqualTo(KEY);
    assertThat(RecordCodec.read(json, PeerAddition.class)).isEqualTo(addition);
    SnmpUserAddition user =
        new SnmpUserAddition(
            "noc",
            Passphrase.of("first secret".toCharArray()),
            Passphrase.of("other secret".toCharArray()));
    assertThat(user.toString()).doesNotContain("secret").contains("(hidden)");
    assertThat(
            RecordCodec.read(RecordCodec.write(user), SnmpUserAddition.class)
                .authPassphrase()
                .reveal())
        .isEqualTo("first secret".toCharArray());
  }

  @Test
  void membersOfANewerVersionArePassedOver() {
    JsonValue json = Json.createObjectBuilder().add("name", "noc").add("invented", "later").build();

    assertThat(RecordCodec.read(json, SnmpUserRemoval.class)).isEqualTo(new SnmpUserRemoval("noc"));
  }

  @Test
  void whatIsWrongIsNamedAndNeverQuoted() {
    assertThatThrownBy(() -> RecordCodec.read(JsonValue.EMPTY_JSON_OBJECT, SnmpUserRemoval.class))
        .hasMessage("SnmpUserRemoval.name is missing");
    assertThatThrownBy(
            () ->
                RecordCodec.read(
                    Json.createObjectBuilder().add("name", 3).build(), SnmpUserRemoval.class))
        .hasMessage("SnmpUserRemoval.name must be a string");
    JsonValue key =
        Json.createObjectBuilder(
                RecordCodec.write(
                        new PeerAddition("wg0", "", KEY, List.of(), "", 0, Optional.empty()))
                    .asJsonObject())
            .add("presharedKey", "swordfish")
            .build();
    assertThatThrownBy(() -> RecordCodec.read(key, PeerAddition.class))
        .hasMessageContaining("PeerAddition.presharedKey")
        .hasMessageNotContaining("swordfish");
  }

  @Test
  void numbersThatDoNotFitAreRefusedNotCut() {
    JsonValue json =
        Json.createObjectBuilder(
                RecordCodec.write(
                        new PeerAddition("wg0", "", KEY, List.of(), "", 0, Optional.empty()))
                    .asJsonObject())
            .add("persistentKeepalive", 4_294_967_296L)
            .build();

    assertThatThrownBy(() -> RecordCodec.read(json, PeerAddition.class))
        .hasMessage("PeerAddition.persistentKeepalive must be a whole number in range");
  }
}
