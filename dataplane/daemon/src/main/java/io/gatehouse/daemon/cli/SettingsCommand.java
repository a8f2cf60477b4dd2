// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.settings.Given;
import io.gatehouse.control.settings.KnownSettings;
import io.gatehouse.control.settings.Setting;
import io.gatehouse.control.settings.SettingsSources;
import io.gatehouse.daemon.SettingsSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gatehouse settings}: what is in force on this machine, and where it comes from. */
@Command(
    name = SettingsCommand.NAME,
    description = "Lists the settings of data plane and console, and where each comes from.",
    synopsisSubcommandLabel = "[COMMAND]",
    mixinStandardHelpOptions = true)
final class SettingsCommand implements Callable<Integer> {
  static final String NAME = "settings";

  private final Commands commands;

  SettingsCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    SettingsSources sources = SettingsSources.read(Map.of());
    for (Setting setting : KnownSettings.ALL) {
      Given given = sources.find(setting);
      commands
          .streams()
          .out()
          .println(setting.name() + "=" + given.value() + "   # " + given.origin());
    }
    return 0;
  }

  @Command(
      description = "Looks whether both processes could start with them; status 1 when not.",
      mixinStandardHelpOptions = true)
  int check() throws Exception {
    SettingsSources.read(Map.of()).check(Setting.Part.BOTH);
    var _ = SettingsSource.open(Map.of()).settings();
    return 0;
  }

  @Command(description = "Writes values, as they are in force.", mixinStandardHelpOptions = true)
  int get(
      @Parameters(arity = "1..*", paramLabel = "NAME", description = "Such as gatehouse.log.level.")
          List<String> names)
      throws Exception {
    SettingsSources sources = SettingsSources.read(Map.of());
    for (String name : names) {
      Setting setting =
          KnownSettings.find(name)
              .orElseThrow(
                  () ->
                      new Failure(
                          "gatehouse: no setting is called " + name, "See `gatehouse settings`."));
      commands.streams().out().println(sources.find(setting).value());
    }
    return 0;
  }
}
