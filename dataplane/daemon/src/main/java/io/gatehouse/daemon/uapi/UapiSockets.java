// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.uapi;

import io.gatehouse.linux.UnixListener;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The directory where wg(8) looks for sockets, with the sockets that this process serves in it.
 * Thread-safe.
 */
public final class UapiSockets implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(UapiSockets.class.getName());

  private final Path directory;
  private final WatchService watch;
  private final Set<UapiSocket> sockets = ConcurrentHashMap.newKeySet();
  private final Clients clients = new Clients();
  private final RequestMemory memory = RequestMemory.ofThisProcess();

  private UapiSockets(Path directory, WatchService watch) {
    this.directory = directory;
    this.watch = watch;
  }

  /**
   * Makes the directory when it is missing, for its owner alone, and watches it.
   *
   * @throws IOException if that is not possible
   */
  public static UapiSockets open(Path directory) throws IOException {
    // The usual place is below a symbolic link (/var/run), which createDirectories follows.
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    WatchService watch = directory.getFileSystem().newWatchService();
    directory.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
    UapiSockets sockets = new UapiSockets(directory, watch);
    Thread.ofPlatform().daemon().name("uapi-watch").start(sockets::watchAll);
    return sockets;
  }

  /**
   * Serves {@code NAME.sock}.
   *
   * @param gone called once, on the watching thread, when someone else deletes the socket file,
   *     which is how wg-quick(8) ends a tunnel; the socket is then closed
   * @throws IOException if another process serves that name or the socket cannot be made
   */
  public UapiSocket serve(String name, UapiDevice device, Runnable gone) throws IOException {
    return keep(UnixListener.bind(directory.resolve(name + ".sock")), name, device, gone);
  }

  /**
   * Serves on a listening socket that another program made (WG_UAPI_FD); otherwise as {@link
   * #serve}.
   *
   * @param fd descriptor, owned by this from now on
   */
  public UapiSocket adopt(int fd, String name, UapiDevice device, Runnable gone)
      throws IOException {
    return keep(UnixListener.adopt(fd), name, device, gone);
  }

  private UapiSocket keep(UnixListener listener, String name, UapiDevice device, Runnable gone) {
    UapiSocket socket =
        UapiSocket.serve(listener, name, device, gone, sockets::remove, clients, memory);
    sockets.add(socket);
    // It may have been deleted before it was known here.
    socket.checkFile();
    return socket;
  }

  /** Closes every socket and removes its file. */
  @Override
  public void close() {
    sockets.forEach(UapiSocket::close);
    try {
      watch.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "closing the watch", e);
    }
  }

  private void watchAll() {
    try {
      while (true) {
        WatchKey key = watch.take();
        // Whatever was lost or doubled in the events, the files themselves tell the truth.
        key.pollEvents();
        sockets.forEach(UapiSocket::checkFile);
        if (!key.reset()) {
          return;
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // The end.
    }
  }
}
