// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What flowed, in a file that never grows: a fixed number of series, each with a ring for every
 * {@link Span}. A slot is 32 octets on a boundary of 32 and has its own checksum, so whatever a
 * crash leaves half written is read as a gap and nothing else is lost. For one thread at a time.
 */
final class RateFile implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RateFile.class.getName());
  private static final byte[] MAGIC = "gatehouse rates 1\n".getBytes(UTF_8);
  private static final int HEADER = 64;
  private static final int ENTRY = 64;
  private static final int DIGEST = 32;
  private static final int SLOT = 32;
  private static final int CHECKED = SLOT - Integer.BYTES;

  /**
   * What flowed in a period.
   *
   * @param period its number since 1970, in steps of its span
   * @param millis how much of it was seen
   * @param rx octets received meanwhile
   * @param tx octets sent meanwhile
   * @param resets how often counters began anew
   */
  record Slot(int period, int millis, long rx, long tx, int resets) {
    static Slot empty(int period) {
      return new Slot(period, 0, 0, 0, 0);
    }

    Slot plus(Slot more) {
      return new Slot(
          period, millis + more.millis, rx + more.rx, tx + more.tx, resets + more.resets);
    }
  }

  private static final class Series {
    final int index;
    long used;
    final Map<Span, Slot> open = new EnumMap<>(Span.class);

    Series(int index, long used) {
      this.index = index;
      this.used = used;
    }
  }

  private final FileChannel channel;
  private final int most;
  private final Map<String, Series> byDigest = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();
  private final ByteBuffer slot = ByteBuffer.allocate(SLOT);

  /**
   * Opens the file, or makes it in its full size.
   *
   * @param most how many series it has
   * @throws IOException if it cannot be had; one of another form is made anew
   */
  RateFile(Path file, int most) throws IOException {
    this.most = most;
    boolean there = Files.exists(file);
    channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (!there || !isOurs()) {
        if (there) {
          LOG.log(System.Logger.Level.WARNING, "{0} is of another form and is made anew", file);
        }
        make();
      }
      readDirectory();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Octets of a file with so many series. */
  static long size(int most) {
    return HEADER + (long) most * (ENTRY + seriesSize());
  }

  private static int seriesSize() {
    return Arrays.stream(Span.values()).mapToInt(Span::slots).sum() * SLOT;
  }

  private boolean isOurs() throws IOException {
    return channel.size() == size(most) && Arrays.equals(read(0, HEADER), header());
  }

  private byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(most);
    for (Span span : Span.values()) {
      header.putInt(span.seconds()).putInt(span.slots());
    }
    return header.array();
  }

  /** The whole of it at once, so that a full disk is met now or never. */
  private void make() throws IOException {
    channel.truncate(0);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    for (long at = 0; at < size(most); at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size(most) - at));
      write(at, zeros);
    }
    // What has no header is made anew, should this be the last that is done.
    channel.force(true);
    write(0, ByteBuffer.wrap(header()));
  }

  private void readDirectory() throws IOException {
    ByteBuffer entries = ByteBuffer.wrap(read(HEADER, most * ENTRY));
    for (int i = 0; i < most; i++) {
      byte[] digest = new byte[DIGEST];
      entries.position(i * ENTRY).get(digest);
      long used = entries.getLong();
      boolean good = entries.getInt() == checksum(entries.array(), i * ENTRY, DIGEST + Long.BYTES);
      Series before = byDigest.get(key(digest));
      if (!good || used == 0 || before != null) {
        free.add(i);
      } else {
        byDigest.put(key(digest), new Series(i, used));
      }
    }
    Collections.reverse(free);
  }

  /** Whether something is kept of a name. */
  boolean has(String name) {
    return byDigest.containsKey(key(digest(name)));
  }

  /**
   * Adds what flowed.
   *
   * @param seconds Unix time at its end
   * @param evict series that were not added to since are given up for a new one, Unix seconds
   * @return whether there was room for it
   */
  boolean add(String name, long seconds, Slot flow, long evict) throws IOException {
    byte[] digest = digest(name);
    Series series = byDigest.get(key(digest));
    if (series == null) {
      series = begin(digest, seconds, evict).orElse(null);
      if (series == null) {
        return false;
      }
    }
    for (Span span : Span.values()) {
      int period = span.period(seconds - 1);
      Slot open = series.open.get(span);
      if (open == null || open.period() != period) {
        open = at(series, span, period).orElse(Slot.empty(period));
      }
      open = open.plus(flow);
      series.open.put(span, open);
      write(series, span, open);
    }
    if (seconds - series.used > Span.HOUR.seconds() * 360L) {
      series.used = seconds;
      writeEntry(series, digest);
    }
    return true;
  }

  private Optional<Series> begin(byte[] digest, long seconds, long evict) throws IOException {
    if (free.isEmpty()) {
      Map.Entry<String, Series> oldest =
          Collections.min(
              byDigest.entrySet(),
              java.util.Comparator.comparingLong(each -> each.getValue().used));
      if (oldest.getValue().used >= evict) {
        return Optional.empty();
      }
      byDigest.remove(oldest.getKey());
      free.add(oldest.getValue().index);
    }
    Series series = new Series(free.removeLast(), seconds);
    // What another one left there is no part of this one's.
    write(start(series), ByteBuffer.allocate(seriesSize()));
    writeEntry(series, digest);
    byDigest.put(key(digest), series);
    return Optional.of(series);
  }

  /**
   * The periods of a span, oldest first, those that were not seen among them.
   *
   * @param seconds Unix time in the newest one
   */
  List<Slot> read(String name, Span span, long seconds) throws IOException {
    int newest = span.period(seconds);
    Slot[] slots = new Slot[span.slots()];
    Series series = byDigest.get(key(digest(name)));
    if (series != null) {
      byte[] ring = read(start(series, span, 0), span.slots() * SLOT);
      for (int i = 0; i < span.slots(); i++) {
        Slot found = slot(ring, i * SLOT).orElse(null);
        if (found != null && found.period() <= newest && newest - found.period() < span.slots()) {
          slots[span.slots() - 1 - (newest - found.period())] = found;
        }
      }
    }
    List<Slot> all = new ArrayList<>();
    for (int i = 0; i < slots.length; i++) {
      Slot found = slots[i];
      all.add(found == null ? Slot.empty(newest - span.slots() + 1 + i) : found);
    }
    return all;
  }

  private Optional<Slot> at(Series series, Span span, int period) throws IOException {
    return slot(read(start(series, span, period), SLOT), 0)
        .filter(found -> found.period() == period);
  }

  private static Optional<Slot> slot(byte[] octets, int at) {
    ByteBuffer from = ByteBuffer.wrap(octets);
    if (from.getInt(at + CHECKED) != checksum(octets, at, CHECKED) || from.getInt(at) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Slot(
            from.getInt(at),
            from.getInt(at + 4),
            from.getLong(at + 8),
            from.getLong(at + 16),
            from.getInt(at + 24)));
  }

  private void write(Series series, Span span, Slot flow) throws IOException {
    slot.clear()
        .putInt(flow.period())
        .putInt(flow.millis())
        .putLong(flow.rx())
        .putLong(flow.tx())
        .putInt(flow.resets());
    slot.putInt(checksum(slot.array(), 0, CHECKED)).flip();
    write(start(series, span, flow.period()), slot);
  }

  private void writeEntry(Series series, byte[] digest) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY).put(digest).putLong(series.used);
    entry.putInt(checksum(entry.array(), 0, DIGEST + Long.BYTES)).clear();
    write(HEADER + (long) series.index * ENTRY, entry);
  }

  private long start(Series series) {
    return HEADER + (long) most * ENTRY + (long) series.index * seriesSize();
  }

  private long start(Series series, Span span, int period) {
    long at = start(series);
    for (Span before : Span.values()) {
      if (before == span) {
        return at + (long) (period % span.slots()) * SLOT;
      }
      at += (long) before.slots() * SLOT;
    }
    throw new IllegalStateException();
  }

  private void write(long at, ByteBuffer octets) throws IOException {
    long to = at;
    while (octets.hasRemaining()) {
      to += channel.write(octets, to);
    }
  }

  private byte[] read(long at, int count) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(count);
    while (octets.hasRemaining() && channel.read(octets, at + octets.position()) > 0) {
      // The rest.
    }
    return octets.array();
  }

  private static int checksum(byte[] octets, int from, int count) {
    CRC32 crc = new CRC32();
    crc.update(octets, from, count);
    return (int) crc.getValue();
  }

  private static byte[] digest(String name) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String key(byte[] digest) {
    return java.util.HexFormat.of().formatHex(digest);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
