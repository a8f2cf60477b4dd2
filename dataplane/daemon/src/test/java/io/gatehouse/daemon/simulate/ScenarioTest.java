// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.daemon.simulate.Habit.Moment;
import io.gatehouse.daemon.simulate.Scenario.Role;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.PeerConfig;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;

/** Who is there in a simulation, and what they do over time. */
class ScenarioTest {
  private final Scenario scenario = Scenario.of(1);

  @Test
  void theSameSeedIsTheSameSimulation() {
    assertThat(Scenario.of(7).files()).isEqualTo(Scenario.of(7).files());
    assertThat(Scenario.of(7).roles()).isEqualTo(Scenario.of(7).roles());
    assertThat(Scenario.of(8).files()).isNotEqualTo(Scenario.of(7).files());
  }

  @Test
  void theFilesAreWgQuickFilesWithoutError() {
    assertThat(scenario.files()).containsOnlyKeys("road.conf", "sites.conf");
    scenario
        .files()
        .forEach(
            (name, text) ->
                assertThat(parse(name, text).findings())
                    .extracting(Finding::severity)
                    .doesNotContain(Finding.Severity.ERROR));
  }

  @Test
  void everyPeerOfTheFilesIsPlayedAndOneThatTheyDoNotKnow() {
    List<PublicKey> played = new ArrayList<>();
    for (Role role : scenario.roles()) {
      byte[] point = new byte[PublicKey.LENGTH];
      X25519.scalarMultBase(role.key().revealOctets(), 0, point, 0);
      played.add(PublicKey.of(point));
    }
    List<PublicKey> known = new ArrayList<>();
    for (Map.Entry<String, String> file : scenario.files().entrySet()) {
      TunnelConfig config = parse(file.getKey(), file.getValue()).config().orElseThrow();
      config.peers().stream().map(PeerConfig::publicKey).forEach(known::add);
    }
    // One of them is disabled, so the files' peers in force are one less.
    assertThat(known).hasSize(13);
    assertThat(played).containsAll(known).hasSize(15);
  }

  @Test
  void someStaySomeComeAndGoAndOneMoves() {
    assertThat(online(Habit.WORKS)).containsOnly(true);
    assertThat(online(Habit.STAYS_AWAY)).containsOnly(false);
    assertThat(online(Habit.COMES_AND_GOES)).contains(true, false);
    assertThat(places(Habit.WORKS)).hasSize(1);
    assertThat(places(Habit.ROAMS)).hasSizeGreaterThan(10);
  }

  private static List<Boolean> online(Habit habit) {
    return moments(habit).stream().map(Moment::online).toList();
  }

  private static List<Integer> places(Habit habit) {
    return moments(habit).stream().map(Moment::place).distinct().toList();
  }

  private static List<Moment> moments(Habit habit) {
    return LongStream.range(0, 600).mapToObj(second -> habit.at(second, 17)).toList();
  }

  private static WgQuickFile parse(String name, String text) {
    return WgQuickFile.parse(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
