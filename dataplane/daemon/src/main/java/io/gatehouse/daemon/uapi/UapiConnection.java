// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.control.LineReader;
import io.gatehouse.control.LineReader.LineTooLongException;
import io.gatehouse.linux.Errno;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One client of a UAPI socket: reads requests and answers each, until the client hangs up. For the
 * one thread that calls {@link #serve}.
 */
final class UapiConnection {
  /** The longest legal line, an endpoint or a key, has less than 100 octets. */
  static final int LONGEST_LINE = 4096;

  /** Octets in one request; a hundred thousand peers take about 25 MB, a million prefixes 30 MB. */
  static final int LARGEST_REQUEST = 64 << 20;

  private static final Logger LOG = Logger.getLogger(UapiConnection.class.getName());
  // What wireguard-go answers to a failure without a number of its own.
  private static final int UNKNOWN_FAILURE = 55;

  private final String name;
  private final UapiDevice device;
  private final OutputStream output;
  private final LineReader lines;
  private final RequestMemory memory;

  /**
   * Makes one.
   *
   * @param name of the tunnel, for the log
   * @param input what the client sends; stays the caller's
   * @param output to the client; stays the caller's
   * @param memory shared by all clients
   */
  UapiConnection(
      String name,
      UapiDevice device,
      InputStream input,
      OutputStream output,
      RequestMemory memory) {
    this.name = name;
    this.device = device;
    this.lines = new LineReader(Channels.newChannel(input), LONGEST_LINE);
    this.output = output;
    this.memory = memory;
  }

  /** Serves until the client hangs up or breaks the protocol beyond repair. */
  void serve() throws IOException {
    while (true) {
      Optional<String> operation = lines.next();
      if (operation.isEmpty()) {
        return;
      }
      try {
        switch (operation.get()) {
          case "get=1" -> get();
          case "set=1" -> set();
          case "" -> {
            // A blank line between requests asks for nothing.
          }
          default ->
              throw new UapiException(
                  operation.get().indexOf('=') < 0 ? Errno.EPROTO : Errno.EINVAL,
                  "a request starts with get=1 or set=1");
        }
      } catch (UapiException e) {
        // It is not known where the next request starts.
        refuse(e.errno(), e);
        return;
      } catch (LineTooLongException e) {
        refuse(Errno.EPROTO, e);
        return;
      }
    }
  }

  private void get() throws IOException, UapiException {
    if (!lines.next().orElse("").isEmpty()) {
      throw new UapiException(Errno.EINVAL, "get=1 is followed by an empty line");
    }
    DeviceSnapshot snapshot;
    try {
      snapshot = device.snapshot();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    try (RequestMemory.Share share = memory.share()) {
      share.grow(GetAnswer.size(snapshot));
      GetAnswer.write(snapshot, output);
      answer(0);
    }
  }

  private void set() throws IOException, UapiException {
    try (RequestMemory.Share share = memory.share()) {
      set(share);
    }
  }

  private void set(RequestMemory.Share share) throws IOException, UapiException {
    SetRequest request = new SetRequest();
    Optional<UapiException> mistake = Optional.empty();
    int size = 0;
    while (true) {
      Optional<String> line = lines.next();
      if (line.isEmpty()) {
        // Hung up inside a request: nothing of it counts.
        return;
      }
      if (line.get().isEmpty()) {
        break;
      }
      size += line.get().length() + 1;
      if (size > LARGEST_REQUEST) {
        throw new UapiException(Errno.EPROTO, "a request is larger than " + LARGEST_REQUEST);
      }
      if (mistake.isEmpty()) {
        share.grow(SetRequest.size(line.get()));
        try {
          request.line(line.get());
        } catch (UapiException e) {
          // The rest is still read, so that the answer and the next request stay in step.
          mistake = Optional.of(e);
          request = new SetRequest();
        }
      }
    }
    if (mistake.isPresent()) {
      refuse(mistake.get().errno(), mistake.get());
      return;
    }
    apply(request.change());
  }

  private void apply(DeviceChange change) throws IOException {
    try {
      device.apply(change);
    } catch (LinuxException e) {
      refuse(e.errno(), e);
      return;
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    answer(0);
  }

  private void fail(RuntimeException failure) throws IOException {
    LOG.log(Level.SEVERE, name + ": a UAPI request failed", failure);
    answer(UNKNOWN_FAILURE);
  }

  private void refuse(int errno, Exception reason) throws IOException {
    LOG.warning(() -> name + ": UAPI request refused: " + reason.getMessage());
    answer(errno);
  }

  private void answer(int errno) throws IOException {
    output.write(("errno=" + -errno + "\n\n").getBytes(StandardCharsets.US_ASCII));
    output.flush();
  }
}
