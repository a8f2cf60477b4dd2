// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.Passphrase;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatehouse backup}: the whole gateway in one encrypted file. */
@Command(
    name = BackupCommand.NAME,
    description = {
      "Writes the gateway into one encrypted file: tunnels, history, settings, what outlives a"
          + " restart, and the console's state. The data plane may run meanwhile.",
      "Asks for a passphrase, without which nobody can read the file again."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  static final String NAME = "backup";

  private final Commands commands;

  @Parameters(paramLabel = "FILE", description = "Is replaced when it is there.")
  private Path file = Path.of("");

  @Mixin private BackedUp backedUp = new BackedUp();
  @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

  BackupCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    var gateway = backedUp.gateway();
    Passphrase typed = passphrase.read(commands.streams(), true);
    try {
      gateway.write(file, typed, Instant.now());
    } catch (AccessDeniedException e) {
      throw new Failure("gatehouse: " + e.getFile() + " is closed to this user", "Be root.");
    } finally {
      typed.wipe();
    }
    commands.streams().out().println(file + ": " + Files.size(file) + " octets");
    return 0;
  }
}
