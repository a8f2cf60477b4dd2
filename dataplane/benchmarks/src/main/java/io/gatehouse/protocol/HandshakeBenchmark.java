// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one handshake message costs its responder, without sockets, and of what that is made. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class HandshakeBenchmark {
  /** Whether two at once are computed in vectors, or one after the other. */
  @Param({"false", "true"})
  public boolean lanes;

  private final SecureRandom random = new SecureRandom();
  private final byte[] initiation = new byte[Messages.INITIATION_LENGTH];
  private final byte[] response = new byte[Messages.RESPONSE_LENGTH];
  private final byte[] shared = new byte[Primitives.KEY];
  private final byte[] out = new byte[Primitives.KEY];
  private final byte[] other = new byte[Primitives.KEY];
  private final byte[] secret = secret();
  private final byte[] point = Primitives.publicKey(secret());
  private final Identity responder = new Identity(secret(), new KeySlots());
  private final CookieChecker cookies = new CookieChecker(responder.publicOctets(), random);
  private final Endpoint from =
      Endpoint.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 51820));

  private byte[] secret() {
    byte[] key = new byte[Primitives.KEY];
    random.nextBytes(key);
    Primitives.clamp(key);
    return key;
  }

  /** Makes an initiation, and has the vectors compiled. */
  @Setup
  public void prepare() {
    DiffieHellman.settle(Duration.ofMinutes(1), () -> {});
    X25519.inLanes(lanes);
    Identity initiator = new Identity(secret(), new KeySlots());
    initiator.dh(responder.publicOctets(), shared);
    byte[] timestamp = Tai64n.label(Tai64n.after(0, Instant.now()));
    if (Handshake.initiate(
            initiator, responder.publicOctets(), shared, timestamp, 1, random, initiation)
        .isEmpty()) {
      throw new IllegalStateException("no initiation to a key of low order");
    }
    Macs.write(initiation, Macs.mac1Key(responder.publicOctets()), null);
  }

  /** Takes an initiation and answers it. */
  @Benchmark
  public Object answer() {
    Handshake.Initiation opened =
        Handshake.Initiation.consume(responder, initiation, random).orElseThrow();
    if (opened.timestamp(shared).isEmpty()) {
      throw new IllegalStateException("the initiation is not authentic");
    }
    return opened.respond(new byte[Primitives.KEY], 2, response).orElseThrow();
  }

  /** Looks at MAC1 and does no more. */
  @Benchmark
  public boolean mac1() {
    return cookies.mac1Right(initiation);
  }

  /** Gives a cookie instead of an answer. */
  @Benchmark
  public byte[] cookieReply() {
    return cookies.reply(initiation, from, 1);
  }

  /** X25519 of a secret and somebody's point. */
  @Benchmark
  public byte[] agree() {
    Primitives.dh(secret, point, out);
    return out;
  }

  /** Two of them, as for the answer to an initiation. */
  @Benchmark
  public byte[] agreeBoth() {
    Primitives.dhBoth(secret, point, out, secret, responder.publicOctets(), other);
    return other;
  }

  /** The public key of a secret. */
  @Benchmark
  public byte[] publicKey() {
    return Primitives.publicKey(secret);
  }

  /** Two keys from a shared secret. */
  @Benchmark
  public byte[][] kdf() {
    return Primitives.kdf(2, shared, point);
  }
}
