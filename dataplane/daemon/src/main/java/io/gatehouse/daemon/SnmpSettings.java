// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.control.settings.SettingsSources;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.snmp.UsersFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Lets {@code gatehouse.snmp.users} and {@code gatehouse.snmp.targets} take effect at the start and
 * whenever the settings file, one of {@code conf.d} beside it or the file of the users changes.
 * What cannot be used is said, and changes nothing.
 */
final class SnmpSettings {
  private static final Logger LOG = Logger.getLogger(SnmpSettings.class.getName());
  private static final long LOOK_SECONDS = 5;

  /** Reads the settings anew. */
  @FunctionalInterface
  interface Source {
    Settings read() throws SettingsException;
  }

  private final Path settingsFile;
  private final Source source;
  private final SnmpAgent agent;
  private Settings settings;
  private Map<Path, FileTime> seen = Map.of();
  private boolean first = true;

  /**
   * For an agent.
   *
   * @param settings as they are now
   * @param settingsFile where they come from; need not be there
   * @param source reads them anew
   */
  SnmpSettings(Settings settings, Path settingsFile, Source source, SnmpAgent agent) {
    this.settings = settings;
    this.settingsFile = settingsFile;
    this.source = source;
    this.agent = agent;
  }

  /**
   * Follows them from now on.
   *
   * @return to be closed at the end
   */
  Closeable follow() {
    look();
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("snmp-settings").daemon().unstarted(task));
    var _ = thread.scheduleWithFixedDelay(this::lookAgain, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    return thread::shutdownNow;
  }

  private void lookAgain() {
    look();
    agent.findReceivers();
  }

  /** Looks whether something has changed, and lets it take effect. */
  synchronized void look() {
    Map<Path, FileTime> now = stamps();
    if (!first && now.equals(seen)) {
      return;
    }
    boolean atStart = first;
    first = false;
    seen = now;
    try {
      if (!atStart) {
        settings = source.read();
        seen = stamps(); // the users may be in another file now
      }
      Optional<Path> users = settings.snmpUsers();
      agent.configure(
          users.isPresent() ? UsersFile.read(users.get()) : List.of(),
          users.isPresent() ? UsersFile.receivers(users.get()) : List.of(),
          settings.snmpTargets());
      if (!atStart) {
        LOG.info("SNMP users and targets are those of the settings as they are now");
      }
    } catch (IOException | SettingsException | IllegalArgumentException e) {
      LOG.severe("SNMP users and targets of the settings stay as they were: " + e.getMessage());
    }
  }

  /** When each file that counts was changed; one that is not there has no time. */
  private Map<Path, FileTime> stamps() {
    Map<Path, FileTime> stamps = new HashMap<>();
    for (Path file : SettingsSources.files(settingsFile)) {
      stamp(file, stamps);
    }
    settings.snmpUsers().ifPresent(users -> stamp(users, stamps));
    return stamps;
  }

  private static void stamp(Path file, Map<Path, FileTime> stamps) {
    try {
      stamps.put(file, Files.getLastModifiedTime(file));
    } catch (IOException e) {
      // It is not there, which is a state like any other.
    }
  }
}
