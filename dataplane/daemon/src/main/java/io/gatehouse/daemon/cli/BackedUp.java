// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.settings.KnownSettings;
import io.gatehouse.control.settings.Setting;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.control.settings.SettingsSources;
import io.gatehouse.daemon.Settings;
import io.gatehouse.daemon.SettingsSource;
import io.gatehouse.daemon.Version;
import io.gatehouse.daemon.backup.BackupException;
import io.gatehouse.daemon.backup.GatewayBackup;
import io.gatehouse.daemon.backup.GatewayBackup.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which gateway a backup is of: this machine's, as its settings have it. */
final class BackedUp {
  private static final Setting CONSOLE = KnownSettings.get("gatehouse.console.state");

  @Option(
      names = "--console",
      paramLabel = "DIR",
      description = "Where the console's state is, instead of gatehouse.console.state.")
  private @Nullable Path console;

  /** The settings in effect. */
  Settings settings() throws SettingsException {
    return Commands.settings();
  }

  /**
   * What is backed up or restored.
   *
   * @throws Failure if the console's state was named but is not there
   */
  GatewayBackup gateway() throws SettingsException, Failure {
    SettingsSource source = SettingsSource.open(Map.of());
    return new GatewayBackup(
        new GatewayBackup.Machine(source.file(), directories(source), theConsole()),
        Version.text(),
        BackedUp::look);
  }

  private static Directories look(Path file) throws BackupException {
    try {
      return directories(SettingsSource.open(Map.of(SettingsSource.FILE, file.toString())));
    } catch (SettingsException e) {
      throw new BackupException(
          "the settings in the backup cannot be used here: " + e.getMessage());
    }
  }

  private static Directories directories(SettingsSource source) throws SettingsException {
    Settings settings = source.settings();
    return new Directories(settings.tunnelsDirectory(), settings.stateDirectory());
  }

  private Optional<Path> theConsole() throws SettingsException, Failure {
    if (console != null) {
      if (!Files.isDirectory(console)) {
        throw new Failure(
            "gatehouse: there is no directory " + console,
            "Make it, owned by the console's user, or leave --console out.");
      }
      return Optional.of(console.toAbsolutePath().normalize());
    }
    SettingsSources sources = SettingsSources.read(Map.of());
    return Optional.of(Path.of(sources.find(CONSOLE).value())).filter(Files::isReadable);
  }
}
