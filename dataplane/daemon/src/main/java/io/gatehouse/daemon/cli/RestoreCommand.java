// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.ControlClient;
import io.gatehouse.control.Passphrase;
import io.gatehouse.daemon.backup.GatewayBackup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatehouse restore}: the gateway of a backup takes the place of this one. */
@Command(
    name = RestoreCommand.NAME,
    description = {
      "Makes this gateway the one of a backup. What is here now stays beside it.",
      "Data plane and console must be stopped before."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  static final String NAME = "restore";

  private final Commands commands;

  @Parameters(paramLabel = "FILE", description = "What gatehouse backup wrote.")
  private Path file = Path.of("");

  @Mixin private BackedUp backedUp = new BackedUp();
  @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

  RestoreCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    if (runs()) {
      throw new Failure(
          "gatehouse: the data plane runs, and would write over what is restored",
          "Stop it, and the console: systemctl stop gatehouse-dataplane gatehouse-console");
    }
    GatewayBackup gateway = backedUp.gateway();
    Passphrase typed = passphrase.read(commands.streams(), false);
    GatewayBackup.Report report;
    try {
      report = gateway.stage(file, typed, isRoot());
    } catch (AccessDeniedException e) {
      throw new Failure("gatehouse: " + e.getFile() + " is closed to this user", "Be root.");
    } finally {
      typed.wipe();
    }
    PrintStream out = commands.streams().out();
    out.println(
        "Backup of "
            + report.made()
            + ", Gatehouse "
            + report.version()
            + ": "
            + report.files()
            + " entries.");
    report.left().forEach(place -> out.println("Left out, as it is not here: " + place));
    report
        .unknownOwners()
        .forEach(owner -> out.println("No such user or group here, root has it now: " + owner));
    for (Path before : GatewayBackup.finish(backedUp.settings().stateDirectory(), Instant.now())) {
      out.println("What was here before: " + before);
    }
    out.println("Restored. Start the data plane.");
    return 0;
  }

  /** Whether a data plane serves the control socket. */
  @SuppressWarnings("try")
  private boolean runs() throws Exception {
    try (ControlClient running = commands.dataPlane()) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** By number: what user 0 is called is nobody's business. */
  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
