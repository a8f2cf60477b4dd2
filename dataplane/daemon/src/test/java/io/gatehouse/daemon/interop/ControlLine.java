// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The control interface as its page describes it: a request on a line, and the answer to it. */
final class ControlLine {
  private ControlLine() {}

  /**
   * Asks once, on a connection of its own.
   *
   * @param params a JSON object
   * @return what came back, whole; empty if nobody is there, or goes before it has answered
   */
  static Optional<JsonObject> ask(Path socket, String method, JsonObject params) {
    String request =
        Json.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("id", 1)
                .add("method", method)
                .add("params", params)
                .build()
            + "\n";
    return exchange(socket, request, "\n").map(ControlLine::read);
  }

  /**
   * Sends words to a socket and reads until it has said how its answer ends.
   *
   * @param end of an answer
   */
  static Optional<String> exchange(Path socket, String words, String end) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer out = ByteBuffer.wrap(words.getBytes(UTF_8));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      ByteArrayOutputStream in = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      while (channel.read(buffer) >= 0) {
        in.write(buffer.array(), 0, buffer.position());
        buffer.clear();
        String heard = in.toString(UTF_8);
        if (heard.endsWith(end)) {
          return Optional.of(heard);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      // It is not there yet, or was killed: that is what this is about.
      return Optional.empty();
    }
  }

  private static JsonObject read(String line) {
    try (var reader = Json.createReader(new StringReader(line))) {
      return reader.readObject();
    }
  }
}
