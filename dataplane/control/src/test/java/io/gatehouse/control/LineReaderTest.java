// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void linesComeOutWholeHoweverTheStreamIsCut() throws IOException {
    Random random = new Random(21);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      lines.add("zeile ä ".repeat(random.nextInt(i + 1)));
    }
    byte[] octets = (String.join("\n", lines) + "\nrest").getBytes(StandardCharsets.UTF_8);
    ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(octets));
    LineReader reader =
        new LineReader(
            new ReadableByteChannel() {
              @Override
              public int read(ByteBuffer room) throws IOException {
                ByteBuffer piece =
                    room.slice(room.position(), Math.min(room.remaining(), 1 + random.nextInt(99)));
                int count = whole.read(piece);
                room.position(room.position() + Math.max(0, count));
                return count;
              }

              @Override
              public boolean isOpen() {
                return true;
              }

              @Override
              public void close() {}
            },
            1 << 20);

    List<String> read = new ArrayList<>();
    for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) {
      read.add(line.get());
    }

    assertThat(read).isEqualTo(lines);
  }

  @Test
  void aLineOverTheLimitEndsTheStream() throws IOException {
    LineReader reader = new LineReader(of("12345\n123456\n"), 5);

    assertThat(reader.next()).contains("12345");
    assertThatThrownBy(reader::next).isInstanceOf(LineReader.LineTooLongException.class);
  }

  @Test
  void anEndlessLineIsNotCollected() {
    LineReader reader = new LineReader(of("x".repeat(100_000)), 10_000);

    assertThatThrownBy(reader::next).isInstanceOf(LineReader.LineTooLongException.class);
  }

  private static ReadableByteChannel of(String text) {
    return Channels.newChannel(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
