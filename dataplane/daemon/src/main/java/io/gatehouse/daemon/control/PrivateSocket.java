// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A listening UNIX stream socket that nobody can connect to before its permissions are set.
 * Thread-safe.
 */
final class PrivateSocket implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PrivateSocket.class.getName());

  private final Path file;
  private final ServerSocketChannel channel;
  private final Object identity;

  private PrivateSocket(Path file, ServerSocketChannel channel, Object identity) {
    this.file = file;
    this.channel = channel;
    this.identity = identity;
  }

  /**
   * Listens, owned by a group.
   *
   * @param file replaced when nobody listens there any more
   * @param permissions as in {@code rw-rw----}
   * @param group name of the group; empty keeps that of the process
   * @throws IOException if someone listens there, or the socket cannot be made
   */
  static PrivateSocket bind(Path file, String permissions, String group) throws IOException {
    refuseIfServed(file);
    Path parent = Objects.requireNonNull(file.getParent(), "an absolute path has a parent");
    // Born in a directory of its own that others cannot enter, then moved to its place whole. The
    // name is always the same, so that what a process left that was killed meanwhile is not for
    // ever.
    Path cradle = parent.resolve("." + file.getFileName() + ".new");
    Path born = cradle.resolve("s");
    Files.deleteIfExists(born);
    Files.deleteIfExists(cradle);
    Files.createDirectory(
        cradle, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(born));
      Files.setPosixFilePermissions(born, PosixFilePermissions.fromString(permissions));
      if (!group.isEmpty()) {
        Files.getFileAttributeView(born, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setGroup(
                file.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(group));
      }
      Object identity = Objects.requireNonNull(identity(born), "the file was just made");
      Files.move(born, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new PrivateSocket(file, channel, identity);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    } finally {
      Files.deleteIfExists(born);
      Files.delete(cradle);
    }
  }

  /** The listening channel, blocking. */
  ServerSocketChannel channel() {
    return channel;
  }

  /** Whether the file is there and is still this socket. */
  private boolean fileIsOurs() {
    try {
      return identity.equals(identity(file));
    } catch (IOException e) {
      // Cannot be told now; a later look will.
      LOG.log(Level.FINE, "looking at " + file, e);
      return true;
    }
  }

  /** Stops listening and removes the file, unless it has become another's. */
  @Override
  public void close() {
    try {
      if (fileIsOurs()) {
        Files.deleteIfExists(file);
      }
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + file, e);
    }
  }

  private static void refuseIfServed(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      throw new IOException(
          file + " is served by another process (" + probe.getRemoteAddress() + "): stop it first");
    } catch (java.net.ConnectException | NoSuchFileException e) {
      // Left behind by a process that died.
      LOG.log(Level.FINE, "replacing the dead socket " + file, e);
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
