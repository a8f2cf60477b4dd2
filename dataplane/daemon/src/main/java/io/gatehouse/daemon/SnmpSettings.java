// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.snmp.UsersFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Lets {@code gatehouse.snmp.users} and {@code gatehouse.snmp.targets} take effect at the start and
 * whenever the settings file or the file of the users changes. What cannot be used is said, and
 * changes nothing.
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
  private List<Optional<FileTime>> seen = List.of();

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
    var _ = thread.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return thread::shutdownNow;
  }

  /** Looks whether something has changed, and lets it take effect. */
  synchronized void look() {
    List<Optional<FileTime>> now =
        List.of(changed(settingsFile), settings.snmpUsers().flatMap(SnmpSettings::changed));
    if (now.equals(seen)) {
      return;
    }
    boolean first = seen.isEmpty();
    seen = now;
    try {
      if (!first) {
        settings = source.read();
        seen = List.of(now.getFirst(), settings.snmpUsers().flatMap(SnmpSettings::changed));
      }
      List<UsersFile.Given> users =
          settings.snmpUsers().isPresent() ? UsersFile.read(settings.snmpUsers().get()) : List.of();
      agent.configure(users, settings.snmpTargets());
      if (!first) {
        LOG.info("SNMP users and targets are those of the settings as they are now");
      }
    } catch (IOException | SettingsException | IllegalArgumentException e) {
      LOG.severe("SNMP users and targets of the settings stay as they were: " + e.getMessage());
    }
  }

  private static Optional<FileTime> changed(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
