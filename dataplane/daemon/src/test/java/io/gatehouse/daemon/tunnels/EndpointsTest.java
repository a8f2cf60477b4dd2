// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static io.gatehouse.daemon.tunnels.Confs.config;
import static io.gatehouse.daemon.tunnels.Confs.key;
import static io.gatehouse.daemon.tunnels.Confs.peer;
import static io.gatehouse.daemon.tunnels.Confs.text;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.protocol.Endpoint;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.TunnelConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names of endpoints, a resolver in memory, and simulated time. */
class EndpointsTest {
  private static final PublicKey ALICE = key(1);

  private final SimulatedExecutor executor = new SimulatedExecutor();
  private final Map<String, String> names = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final Endpoints endpoints =
      new Endpoints(
          executor,
          executor,
          this::resolve,
          new Endpoints.Listener() {
            @Override
            public void resolved(PublicKey peer, Endpoint endpoint, boolean again) {
              heard.add((again ? "again " : "") + endpoint);
            }

            @Override
            public void unresolved() {
              heard.add("unresolved");
            }
          });

  @Test
  void aLiteralIsKnownAtOnceAndNeverLookedUp() {
    assertThat(endpoints.want(file("192.0.2.1:7"))).hasToString("{" + ALICE + "=192.0.2.1:7}");
    assertThat(endpoints.hasNames()).isFalse();
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(1000));
    executor.pass(1000, SECONDS);
    assertThat(asked).isEmpty();
  }

  @Test
  void aNameIsLookedUpBesideAndThenKnown() {
    names.put("a.example", "192.0.2.1");
    assertThat(endpoints.want(file("a.example:7"))).isEmpty();
    assertThat(asked).isEmpty();
    executor.pass(0, SECONDS);
    assertThat(heard).containsExactly("192.0.2.1:7");
    assertThat(endpoints.known(ALICE)).hasToString("Optional[192.0.2.1:7]");
    assertThat(endpoints.want(file("a.example:7"))).hasSize(1);
    executor.pass(1000, SECONDS);
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatCannotBeResolvedIsTriedAgainOnTheScheduleOfWgWithoutEnd() {
    endpoints.want(file("a.example:7"));
    // Pauses of 1, 1.2, 1.44 s and so on, at most 20 s.
    for (long at : new long[] {0, 1000, 1200, 1440, 1728, 2073}) {
      executor.pass(at - (at == 0 ? 0 : 1), MILLISECONDS);
      int before = asked.size();
      executor.pass(at == 0 ? 0 : 1, MILLISECONDS);
      assertThat(asked).hasSize(at == 0 ? 1 : before + 1);
    }
    assertThat(endpoints.failing()).containsExactly(ALICE);
    executor.pass(1000, SECONDS);
    asked.clear();
    executor.pass(200, SECONDS);
    assertThat(asked).hasSize(10);
    names.put("a.example", "192.0.2.1");
    heard.clear();
    executor.pass(20, SECONDS);
    assertThat(heard).containsExactly("192.0.2.1:7");
    assertThat(endpoints.failing()).isEmpty();
  }

  @Test
  void theNameOfAPeerThatDoesNotAnswerIsLookedUpAgainEverMoreSlowly() {
    known("192.0.2.1");
    names.put("a.example", "192.0.2.2");
    List<Integer> when = new ArrayList<>();
    for (int second = 0; second <= 1500; second += 5) {
      int before = asked.size();
      endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(second));
      executor.pass(5, SECONDS);
      if (asked.size() > before) {
        when.add(second);
      }
    }
    assertThat(when).containsExactly(15, 30, 60, 120, 240, 480, 780, 1080, 1380);
    assertThat(heard).contains("again 192.0.2.2:7");
    assertThat(endpoints.known(ALICE)).hasToString("Optional[192.0.2.2:7]");
  }

  @Test
  void aPeerThatAnswersBeginsAnew() {
    known("192.0.2.1");
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(200));
    executor.pass(1, SECONDS);
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(210));
    executor.pass(1, SECONDS);
    assertThat(asked).hasSize(2);
    endpoints.answers(ALICE);
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(15));
    executor.pass(1, SECONDS);
    assertThat(asked).hasSize(3);
  }

  @Test
  void aNameThatIsGoneIsSaidAndTheOldAddressStays() {
    known("192.0.2.1");
    names.clear();
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(20));
    executor.pass(0, SECONDS);
    assertThat(heard).containsExactly("192.0.2.1:7", "unresolved");
    assertThat(endpoints.known(ALICE)).hasToString("Optional[192.0.2.1:7]");
    // One search at a time.
    endpoints.doesNotAnswer(ALICE, SECONDS.toNanos(1000));
    int before = asked.size();
    executor.pass(500, MILLISECONDS);
    assertThat(asked).hasSize(before);
  }

  @Test
  void whatTheFileNoLongerSaysEndsWithoutEffect() {
    names.put("b.example", "192.0.2.2");
    endpoints.want(file("a.example:7"));
    executor.pass(0, SECONDS);
    endpoints.want(file("b.example:7"));
    names.put("a.example", "192.0.2.1");
    heard.clear();
    executor.pass(100, SECONDS);
    assertThat(heard).containsExactly("192.0.2.2:7");
    endpoints.want(file("c.example:7"));
    endpoints.clear();
    names.put("c.example", "192.0.2.3");
    heard.clear();
    executor.pass(100, SECONDS);
    assertThat(heard).isEmpty();
  }

  @Test
  void theSameFileAgainAfterTheEndIsOneSearchOnly() {
    endpoints.want(file("a.example:7"));
    executor.pass(1000, SECONDS);
    endpoints.clear();
    endpoints.want(file("a.example:7"));
    executor.pass(1000, SECONDS);
    asked.clear();
    executor.pass(200, SECONDS);
    assertThat(asked).hasSize(10);
  }

  private void known(String address) {
    names.put("a.example", address);
    endpoints.want(file("a.example:7"));
    executor.pass(0, SECONDS);
    assertThat(endpoints.known(ALICE)).isPresent();
  }

  private static TunnelConfig file(String endpoint) {
    return config(text("", peer(1, "Endpoint = " + endpoint + "\n")));
  }

  private InetAddress resolve(String host) throws UnknownHostException {
    asked.add(host);
    String address = names.get(host);
    if (address == null) {
      throw new UnknownHostException(host);
    }
    return InetAddress.ofLiteral(address);
  }
}
