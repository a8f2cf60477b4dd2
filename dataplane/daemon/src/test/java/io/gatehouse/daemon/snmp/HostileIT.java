// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.PeerState;
import io.gatehouse.daemon.Statuses;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a stranger sends, the agent goes on to answer, grows nowhere, and fills no log. */
class HostileIT {
  private static final String AUTH = "correct horse battery";
  private static final String PRIV = "staple of the engine";
  private static final String SYS_NAME = ".1.3.6.1.2.1.1.5.0";

  /** {@code -Dgatehouse.test.hostile=25000} for a long run. */
  private static final int PACKETS = Integer.getInteger("gatehouse.test.hostile", 2_000);

  /** What is compiled and cached on the way; each packet that stayed would be more. */
  private static final long HEAP_MAY_GROW = 8L << 20;

  @TempDir Path state;
  @TempDir Path home;
  private SnmpAgent agent;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    agent =
        SnmpAgent.start(
            new SnmpOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()),
                state,
                "gate.example"),
            () -> Statuses.gateway(0, Statuses.tunnel(Statuses.peer(Statuses.KEY_1, PeerState.UP))),
            () -> 0);
    agent.users().add("monitor", AUTH, PRIV);
    address = agent.listening().orElseThrow();
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Command get(int port, String... names) {
    return ask("snmpget", port, names);
  }

  private Command ask(String tool, int port, String... names) {
    List<String> words =
        new ArrayList<>(List.of(tool, "-v3", "-l", "authPriv", "-u", "monitor", "-a", "SHA-256"));
    words.addAll(List.of("-A", AUTH, "-x", "AES", "-X", PRIV, "-m", "", "-t", "5", "-r", "1"));
    int options = 0;
    while (options < names.length && names[options].startsWith("-")) {
      words.add(names[options++]);
    }
    words.add("udp:127.0.0.1:" + port);
    words.addAll(List.of(names).subList(options, names.length));
    return Command.netSnmp(home, words);
  }

  /** What net-snmp sends for a GET: asking for the engine, and the request itself. */
  private List<byte[]> realMessages() throws IOException {
    return recorded("snmpget", SYS_NAME);
  }

  /** What net-snmp sends for a question. */
  private List<byte[]> recorded(String tool, String... names) throws IOException {
    List<byte[]> messages = Collections.synchronizedList(new ArrayList<>());
    try (DatagramSocket between = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> relay(between, messages));
      Command _ = ask(tool, between.getLocalPort(), names);
    }
    assertThat(messages).hasSizeGreaterThanOrEqualTo(2);
    return messages;
  }

  /** Hands questions on and answers back, and keeps the questions, until the socket is closed. */
  private void relay(DatagramSocket between, List<byte[]> messages) {
    try (DatagramSocket onward = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      onward.setSoTimeout(60_000);
      while (true) {
        DatagramPacket asked = new DatagramPacket(new byte[4096], 4096);
        between.receive(asked);
        messages.add(Arrays.copyOf(asked.getData(), asked.getLength()));
        onward.send(new DatagramPacket(asked.getData(), asked.getLength(), address));
        DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
        onward.receive(answer);
        between.send(
            new DatagramPacket(answer.getData(), answer.getLength(), asked.getSocketAddress()));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** GET and GETBULK of version 1 and 2c, and forms that parsers have stumbled over. */
  private static List<byte[]> madeUpMessages() {
    HexFormat hex = HexFormat.of();
    List<byte[]> messages = new ArrayList<>();
    for (String text :
        List.of(
            // Version 1 and 2c GET sysName, community public.
            "302902010004067075626c6963a01c020401020304020100020100300e300c06082b060102010105000500",
            "302902010104067075626c6963a01c020401020304020100020100300e300c06082b060102010105000500",
            // GETBULK with 2^31-1 and with negative repetitions.
            "302c02010104067075626c6963a51f0204010203040201000204"
                + "7fffffff"
                + "300e300c06082b060102010105000500",
            "302902010104067075626c6963a51c0204010203040201000201ff300e300c06082b060102010105000500",
            // Lengths: indefinite, 2^31, 2^32-1, none.
            "3080020101040670756269000000",
            "308480000000020103",
            "3084ffffffff020103",
            "30",
            "3003020103",
            "300302010330033003300330033003",
            // An empty object identifier, and an empty sequence of variables.
            "301d02010104067075626c6963a010020401020304020100020100300230000600",
            "301b02010104067075626c6963a00e0204010203040201000201003000")) {
      messages.add(hex.parseHex(text));
    }
    byte[] nested = new byte[1400];
    for (int i = 0; i + 4 <= nested.length; i += 4) {
      nested[i] = 0x30;
      nested[i + 1] = (byte) 0x82;
      nested[i + 2] = (byte) ((nested.length - i - 4) >> 8);
      nested[i + 3] = (byte) (nested.length - i - 4);
    }
    messages.add(nested);
    return messages;
  }

  private static byte[] mutate(byte[] seed, Random random) {
    byte[] message = seed.clone();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      int at = random.nextInt(message.length);
      switch (random.nextInt(5)) {
        case 0 -> message[at] = (byte) random.nextInt(256);
        case 1 -> message[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> message[at] = (byte) 0xFF;
        case 3 -> message = Arrays.copyOf(message, Math.max(1, at));
        default -> {
          byte[] longer = Arrays.copyOf(message, message.length + random.nextInt(1, 64));
          System.arraycopy(
              message, at, longer, longer.length - (message.length - at), message.length - at);
          message = longer;
        }
      }
    }
    return message;
  }

  @Test
  void mutatedMessagesDoNoHarm() throws Exception {
    List<byte[]> seeds = new ArrayList<>(realMessages());
    seeds.addAll(madeUpMessages());
    AtomicInteger logged = new AtomicInteger();
    Handler counter =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.incrementAndGet();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(counter);
    long started = System.nanoTime();
    int threads = threads();
    long heap = heapInUse();
    Random random = new Random(20261128);
    int largest = 0;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(1);
      for (int i = 0; i < PACKETS; i++) {
        byte[] seed = seeds.get(random.nextInt(seeds.size()));
        byte[] message = i < seeds.size() ? seeds.get(i) : mutate(seed, random);
        socket.send(new DatagramPacket(message, message.length, address));
        largest = Math.max(largest, answers(socket, i % 64 == 63));
      }
    } finally {
      root.removeHandler(counter);
    }

    assertThat(get(address.getPort(), SYS_NAME).text()).contains("gate.example");
    assertThat(threads()).isLessThanOrEqualTo(threads);
    assertThat(heapInUse() - heap).isLessThan(HEAP_MAY_GROW);
    assertThat(largest).isLessThanOrEqualTo(1452);
    long seconds = (System.nanoTime() - started) / 1_000_000_000L + 1;
    assertThat((long) logged.get()).isLessThanOrEqualTo(CalmLog.BURST + seconds);
  }

  /** The longest answer that is there; waits a moment for one now and then. */
  private static int answers(DatagramSocket socket, boolean patient) throws IOException {
    int longest = 0;
    if (patient) {
      try {
        while (true) {
          DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
          socket.receive(answer);
          longest = Math.max(longest, answer.getLength());
        }
      } catch (SocketTimeoutException e) {
        // No more.
      }
    }
    return longest;
  }

  /** Octets after a collection. */
  private static long heapInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream().filter(thread -> !thread.isVirtual()).count();
  }

  @Test
  void bulkRequestsWhoseFirstRowDoesNotFitDoNotPileUp() throws Exception {
    String[] names = new String[42];
    Arrays.fill(names, "." + SnmpOptions.DEFAULT_ROOT + ".5.1.2");
    names[0] = "-Cn0";
    names[1] = "-Cr1";
    byte[] bulk = recorded("snmpbulkget", names).getLast();
    int answered = 0;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(60_000);
      // The very same message is authentic for as long as its time window is open.
      for (int i = 0; i < 500; i++) {
        socket.send(new DatagramPacket(bulk, bulk.length, address));
        DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(answer);
        assertThat(answer.getLength()).isLessThan(1452);
        answered++;
      }
    }
    assertThat(answered).isEqualTo(500);
    assertThat(agent.waiting()).isZero();
  }

  @Test
  void nobodyLearnsAnythingWithoutTheKeys() throws Exception {
    byte[] community = madeUpMessages().get(1);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(300);
      socket.send(new DatagramPacket(community, community.length, address));
      assertThat(answers(socket, true)).isZero();
    }
    // Asking for the engine is all that is answered, and hardly longer than the question.
    byte[] discovery = realMessages().getFirst();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(60_000);
      socket.send(new DatagramPacket(discovery, discovery.length, address));
      DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(answer);
      assertThat(answer.getLength()).isLessThan(3 * discovery.length);
    }
  }
}
