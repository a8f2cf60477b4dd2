// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.backup;

import io.gatehouse.control.BackupMade;
import io.gatehouse.control.BackupPart;
import io.gatehouse.control.BackupRead;
import io.gatehouse.control.BackupRequest;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ConsoleFile;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.RestorePart;
import io.gatehouse.control.RestoreReceived;
import io.gatehouse.server.gateway.Gateway;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Passes backups on, part by part, so that none is ever here as a whole. Thread-safe. */
@ApplicationScoped
public class Backups {
  /**
   * What makes the console the same on another machine. Rates and audit are left where they are,
   * and the certificate, which another machine should have one of its own of.
   */
  private static final List<String> KEPT = List.of("users", "second-factors", "tokens", "views");

  private final Gateway gateway;
  private final Path state;

  /** For the container's proxy, whose own fields are never read. */
  @SuppressWarnings("NullAway")
  protected Backups() {
    this(null, null);
  }

  /** Makes it. */
  @Inject
  public Backups(Gateway gateway, @ConfigProperty(name = "gatehouse.console.state") Path state) {
    this.gateway = gateway;
    this.state = state;
  }

  /**
   * Has a backup made, with what is the console's own in it.
   *
   * @throws ControlException if there is none; the findings say why
   * @throws IOException if the console's state cannot be read, or the data plane is away
   */
  public BackupMade make(ChangeOrigin origin) throws IOException, ControlException {
    BackupRequest request = new BackupRequest(ownFiles(), Optional.of(origin));
    return gateway.ask(dataPlane -> dataPlane.makeBackup(request));
  }

  private List<ConsoleFile> ownFiles() throws IOException {
    List<ConsoleFile> files = new ArrayList<>();
    for (String name : KEPT) {
      Path file = state.resolve(name);
      if (Files.exists(file)) {
        byte[] octets = Files.readAllBytes(file);
        files.add(new ConsoleFile(name, Base64.getEncoder().encodeToString(octets)));
        Arrays.fill(octets, (byte) 0);
      }
    }
    return files;
  }

  /**
   * Writes a backup that was made.
   *
   * @param out not closed
   * @throws IOException if it is not there any more, or the data plane is away
   */
  public void write(BackupMade made, OutputStream out) throws IOException {
    long offset = 0;
    try {
      while (offset < made.size()) {
        BackupRead read = new BackupRead(made.id(), offset);
        BackupPart part = gateway.ask(dataPlane -> dataPlane.readBackup(read));
        byte[] octets = Base64.getDecoder().decode(part.octets());
        if (octets.length == 0) {
          throw new IOException("the backup is shorter than it was");
        }
        out.write(octets);
        offset += octets.length;
      }
    } catch (ControlException e) {
      throw new IOException(e.message(), e);
    }
  }

  /**
   * Sends a backup that is to be restored to the data plane.
   *
   * @param in not closed
   * @throws ControlException if it is larger than the data plane takes
   * @throws IOException if it cannot be read, or the data plane is away
   */
  public RestoreReceived send(InputStream in) throws IOException, ControlException {
    Optional<RestoreReceived> sent = Optional.empty();
    while (true) {
      byte[] octets = in.readNBytes(BackupPart.LARGEST);
      if (octets.length == 0 && sent.isPresent()) {
        return sent.get();
      }
      RestorePart part =
          new RestorePart(
              sent.map(RestoreReceived::id), Base64.getEncoder().encodeToString(octets));
      sent = Optional.of(gateway.ask(dataPlane -> dataPlane.sendBackup(part)));
    }
  }
}
