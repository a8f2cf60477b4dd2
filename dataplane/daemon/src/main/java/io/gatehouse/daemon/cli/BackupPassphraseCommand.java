// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import io.gatehouse.control.Passphrase;
import io.gatehouse.daemon.backup.Recipient;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatehouse backup-passphrase}: what backups of the console and of REST are opened with. */
@Command(
    name = BackupPassphraseCommand.NAME,
    description = {
      "Sets the passphrase that opens backups made by REST and by the console.",
      "It is not kept: only a public key that comes from it, to which they are sealed. Backups that"
          + " were made before are opened with the passphrase of then."
    },
    mixinStandardHelpOptions = true)
final class BackupPassphraseCommand implements Callable<Integer> {
  static final String NAME = "backup-passphrase";

  private final Commands commands;

  @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

  BackupPassphraseCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws Exception {
    Passphrase typed = passphrase.read(commands.streams(), true);
    try {
      Recipient.of(typed).keep(Commands.settings().stateDirectory());
    } catch (AccessDeniedException e) {
      throw new Failure("gatehouse: " + e.getFile() + " is closed to this user", "Be root.");
    } finally {
      typed.wipe();
    }
    commands
        .streams()
        .out()
        .println("Backups made by the console and by REST open with this passphrase from now on.");
    return 0;
  }
}
