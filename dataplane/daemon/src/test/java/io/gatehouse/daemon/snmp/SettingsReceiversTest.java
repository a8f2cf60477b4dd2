// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.snmp.NotificationTargets.Target;
import io.gatehouse.daemon.snmp.SettingsReceivers.Inform;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.OctetString;

/** Receivers of informs that the settings name, as they come, change and go. */
class SettingsReceiversTest {
  private static final UsersFile.Given USER =
      new UsersFile.Given("theirs", Protection.USUAL, "correct horse", "battery staple");
  private static final Inform ONE = inform(1);
  private static final Inform TWO = inform(2);

  private final SettingsReceivers receivers = new SettingsReceivers();

  private static Inform inform(int port) {
    return new Inform(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), USER);
  }

  private static byte[] engine(int number) {
    return new byte[] {(byte) 0x80, 0, 0, 0, 5, (byte) number};
  }

  @Test
  void oneIsATargetOnceItHasSaidItsEngineId() {
    receivers.configure(List.of(ONE, TWO));
    assertThat(receivers.targets()).isEmpty();
    receivers.found(ONE, engine(1));
    assertThat(receivers.missing()).containsExactly(TWO);
    Target target = receivers.targets().getFirst();
    assertThat(target.address()).isEqualTo(ONE.address());
    assertThat(target.receiver().orElseThrow().engine()).isEqualTo(new OctetString(engine(1)));
  }

  @Test
  void keysFitOneEngineAlone() {
    receivers.configure(List.of(ONE, TWO));
    receivers.found(ONE, engine(1));
    receivers.found(TWO, engine(2));
    assertThat(receivers.targets())
        .extracting(target -> target.receiver().orElseThrow().user().authKey())
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsKnownIsKeptWhenTheSettingsChangeAroundIt() {
    receivers.configure(List.of(ONE));
    receivers.found(ONE, engine(1));
    receivers.configure(List.of(TWO, ONE));
    assertThat(receivers.targets()).hasSize(1);
    receivers.configure(List.of());
    receivers.found(ONE, engine(1)); // an answer that came too late
    assertThat(receivers.targets()).isEmpty();
  }

  @Test
  void oneThatHasBecomeAnotherIsAskedAgain() {
    receivers.configure(List.of(ONE, TWO));
    receivers.found(ONE, engine(1));
    receivers.found(TWO, engine(2));
    receivers.doubt(ONE.address());
    assertThat(receivers.missing()).containsExactly(ONE);
    assertThat(receivers.targets()).hasSize(1);
  }
}
