// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Walks once through what the usual commands load, so that the build can keep it in a cache ({@code
 * -XX:AOTCacheOutput}). Changes nothing on the machine.
 */
final class StartTraining {
  private static final String KEY = "77".repeat(32);
  private static final String ANSWER =
      """
      private_key=%1$s
      listen_port=51820
      public_key=%1$s
      preshared_key=%1$s
      endpoint=192.0.2.1:51820
      last_handshake_time_sec=1
      last_handshake_time_nsec=0
      tx_bytes=4096
      rx_bytes=4096
      persistent_keepalive_interval=25
      allowed_ip=10.0.0.2/32
      errno=0

      """
          .formatted(KEY);

  private StartTraining() {}

  /** Runs the commands; takes no arguments. */
  public static void main(String[] words) throws IOException {
    Path directory = Files.createTempDirectory("gatehouse-start");
    Path socket = directory.resolve("wg0.sock");
    Path file = directory.resolve("wg0.conf");
    Files.writeString(file, "[Interface]\nAddress = 10.0.0.1/24\n[Peer]\nAllowedIPs = ::/0\n");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofPlatform().daemon().start(() -> answer(server));
      System.setProperty("gatehouse.uapi.directory", directory.toString());
      System.setProperty("gatehouse.control.socket", directory.resolve("none").toString());
      for (List<String> command :
          List.of(
              List.of("--help"),
              List.of("genkey"),
              List.of("pubkey"),
              List.of("show"),
              List.of("show", "all", "dump"),
              List.of("set", "wg0", "listen-port", "0"),
              List.of("check", file.toString()),
              List.of("check", "--json", file.toString()),
              List.of("status"),
              List.of("nonsense"))) {
        GatehouseMain.run(command, silent());
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private static void answer(ServerSocketChannel server) {
    try {
      while (true) {
        try (SocketChannel client = server.accept()) {
          // A mere look whether somebody listens asks nothing.
          if (client.read(ByteBuffer.allocate(4096)) > 0) {
            client.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
          }
        }
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private static Streams silent() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Streams(
        new ByteArrayInputStream(
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=\n".getBytes(StandardCharsets.US_ASCII)),
        nowhere,
        nowhere,
        Map.of());
  }
}
