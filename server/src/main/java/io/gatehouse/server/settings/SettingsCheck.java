// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.settings;

import io.gatehouse.control.settings.Setting;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.control.settings.SettingsSources;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.Map;

/** Ends a start with settings that cannot be used, as the data plane does. */
@ApplicationScoped
public class SettingsCheck {
  /** What sysexits.h calls EX_CONFIG. */
  private static final int BAD_SETTINGS = 78;

  /** Before anything else has begun by wrong settings. */
  void check(@Observes @Priority(1) Startup event) {
    try {
      SettingsSources.read(Map.of()).check(Setting.Part.CONSOLE);
    } catch (SettingsException e) {
      System.err.println("gatehouse console: " + e.getMessage());
      // The server goes on without an application, which helps nobody. It ends in order, on another
      // thread, because it waits for this one.
      Thread.ofPlatform().name("settings").start(() -> System.exit(BAD_SETTINGS));
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
