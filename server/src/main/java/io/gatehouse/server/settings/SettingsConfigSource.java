// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.settings;

import io.gatehouse.control.settings.KnownSettings;
import io.gatehouse.control.settings.Setting;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.control.settings.SettingsSources;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Files, credentials and defaults of {@link SettingsSources}, weaker than what the server itself
 * knows: its environment, system properties and variables. Made by the server, for each
 * application.
 *
 * <p>Where the sources cannot be used it has the defaults alone; {@link SettingsCheck} then ends
 * the start.
 */
public final class SettingsConfigSource implements ConfigSource {
  private static final int WEAKER_THAN_THE_ENVIRONMENT = 200;

  private final Optional<SettingsSources> sources;

  /** Reads the sources. */
  public SettingsConfigSource() {
    this.sources = readable();
  }

  private static Optional<SettingsSources> readable() {
    try {
      return Optional.of(SettingsSources.read(Map.of()));
    } catch (SettingsException e) {
      return Optional.empty();
    }
  }

  @Override
  public Set<String> getPropertyNames() {
    return KnownSettings.ALL.stream().map(Setting::name).collect(Collectors.toSet());
  }

  @Override
  public @Nullable String getValue(String name) {
    return KnownSettings.find(name)
        .map(setting -> sources.map(s -> s.find(setting).value()).orElse(setting.standard()))
        .orElse(null);
  }

  @Override
  public String getName() {
    return "gatehouse settings";
  }

  @Override
  public int getOrdinal() {
    return WEAKER_THAN_THE_ENVIRONMENT;
  }
}
