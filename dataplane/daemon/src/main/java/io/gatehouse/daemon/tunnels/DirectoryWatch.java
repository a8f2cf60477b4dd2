// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Says when to look at a directory: something in it may have changed. Never says what, so a lost
 * event costs time only.
 */
final class DirectoryWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryWatch.class.getName());

  private final Path directory;
  private final Runnable look;
  private final WatchService service;
  private volatile boolean watching;

  private DirectoryWatch(Path directory, Runnable look, WatchService service) {
    this.directory = directory;
    this.look = look;
    this.service = service;
  }

  /** Watches from now on; calls back on a thread of its own. */
  static DirectoryWatch start(Path directory, Runnable look) throws IOException {
    DirectoryWatch watch =
        new DirectoryWatch(directory, look, directory.getFileSystem().newWatchService());
    watch.renew();
    Thread.ofPlatform().daemon().name("tunnels-watch").start(watch::run);
    return watch;
  }

  /** Watches again if the directory was away, or is another one now. Called with each full scan. */
  void renew() {
    if (watching) {
      return;
    }
    try {
      directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
      watching = true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, directory + " cannot be watched, only scanned: " + e);
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        watching = key.reset();
        look.run();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // Closed: done.
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
