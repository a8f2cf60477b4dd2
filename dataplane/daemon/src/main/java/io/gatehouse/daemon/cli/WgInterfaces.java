// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tunnels that serve a UAPI socket in a directory, whoever runs them: the client's side of
 * wireguard.com/xplatform.
 */
final class WgInterfaces {
  private static final String SUFFIX = ".sock";
  private static final int ANSWER_BUFFER = 1 << 16;

  private final Path directory;

  WgInterfaces(Path directory) {
    this.directory = directory;
  }

  /** Where the sockets are. */
  Path directory() {
    return directory;
  }

  /**
   * The names that somebody serves, in the order of the directory, as wg(8) lists them.
   *
   * @throws UapiException if the directory may not be read
   */
  List<String> names() throws IOException, UapiException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        if (isServed(name)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (AccessDeniedException e) {
      throw UapiException.denied();
    }
    return names;
  }

  /** Whether somebody serves this name, as far as this user can tell. */
  boolean isServed(String name) {
    try (SocketChannel channel = connect(name)) {
      return channel.isConnected();
    } catch (IOException | UapiException e) {
      return false;
    }
  }

  /** The state of an interface now. */
  WgInterface get(String name) throws IOException, UapiException {
    try (SocketChannel channel = connect(name);
        BufferedReader lines = ask(channel, "get=1\n\n")) {
      return UapiAnswer.read(name, lines);
    }
  }

  /**
   * Changes an interface.
   *
   * @param request lines of {@code set=1} without that line, each with its end
   * @throws UapiException with the error number of the answer
   */
  void set(String name, CharSequence request) throws IOException, UapiException {
    try (SocketChannel channel = connect(name);
        BufferedReader lines = ask(channel, "set=1\n" + request + "\n")) {
      String line = lines.readLine();
      if (line == null || !line.startsWith("errno=")) {
        throw UapiException.protocol();
      }
      UapiException.check(line.substring("errno=".length()));
    } catch (NumberFormatException e) {
      throw UapiException.protocol();
    }
  }

  private SocketChannel connect(String name) throws IOException, UapiException {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw UapiException.noDevice();
    }
    Path socket = directory.resolve(name + SUFFIX);
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      // The platform tells the reason in words only.
      if (String.valueOf(e.getMessage()).contains("Permission denied")) {
        throw UapiException.denied();
      }
      throw UapiException.noDevice();
    }
  }

  private static BufferedReader ask(SocketChannel channel, String request) throws IOException {
    ByteBuffer octets = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    while (octets.hasRemaining()) {
      channel.write(octets);
    }
    return new BufferedReader(
        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII),
        ANSWER_BUFFER);
  }
}
