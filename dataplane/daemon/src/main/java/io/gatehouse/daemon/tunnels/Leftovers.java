// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.tunnels.Outside.Incoming;
import io.gatehouse.linux.ForwardingSwitch.Saved;
import io.gatehouse.linux.GatewayTable;
import io.gatehouse.linux.NameServers;
import io.gatehouse.linux.PolicyRule;
import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is, or may be, set outside of the interfaces: written down before it is set, so that who
 * comes after a crash can take it away. One small text file for each tunnel that has something.
 *
 * <p>Notes of before a restart of the machine count for nothing: by then another's rules may look
 * the same.
 */
final class Leftovers {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path directory;
  private final String boot;

  private Leftovers(Path directory, String boot) {
    this.directory = directory;
    this.boot = boot;
  }

  /** In a directory of the state directory, which is made if it is not there. */
  static Leftovers in(Path stateDirectory) throws IOException {
    return in(stateDirectory, Files.readString(BOOT_ID).strip());
  }

  static Leftovers in(Path stateDirectory, String boot) throws IOException {
    Path directory = Files.createDirectories(stateDirectory.resolve("leftovers"));
    AtomicFile.sweep(directory);
    return new Leftovers(directory, boot);
  }

  /** Writes down all that a tunnel may leave from now on, safe from a power cut. */
  void note(InterfaceName name, Collection<Outside> outside) throws IOException {
    Path file = file(name);
    if (outside.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    StringBuilder text = new StringBuilder("boot ").append(boot).append('\n');
    outside.forEach(thing -> text.append(write(thing)).append('\n'));
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What a tunnel may have left, in the order in which it was set; only good for removing it. */
  List<Outside> of(InterfaceName name) throws IOException {
    Path file = file(name);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals("boot " + boot)) {
      return List.of();
    }
    List<Outside> outside = new ArrayList<>();
    lines.stream().skip(1).map(Leftovers::read).flatMap(Optional::stream).forEach(outside::add);
    return outside;
  }

  /** The tunnels that may have left something. */
  List<InterfaceName> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(InterfaceName::isLegal)
          // Half-written ones.
          .filter(name -> !name.startsWith("."))
          .map(InterfaceName::new)
          .toList();
    }
  }

  /** What the other tunnels have set or may have left. */
  List<Outside> ofOthers(InterfaceName name) throws IOException {
    List<Outside> outside = new ArrayList<>();
    for (InterfaceName other : names()) {
      if (!other.equals(name)) {
        outside.addAll(of(other));
      }
    }
    return outside;
  }

  private Path file(InterfaceName name) {
    return directory.resolve(name.value());
  }

  private static String write(Outside thing) {
    return switch (thing) {
      case Outside.Rule(PolicyRule rule) ->
          "rule %d %d %b %d %d %d %d"
              .formatted(
                  rule.ipv6() ? 6 : 4,
                  rule.priority(),
                  rule.inverted(),
                  rule.fwMark(),
                  rule.fwMask(),
                  rule.table(),
                  rule.suppressPrefixLength());
      case Outside.Guard guard -> "guard " + (guard.ipv6() ? 6 : 4);
      case Outside.Gateway _ -> "gateway";
      case Outside.Forwards forwards -> write(forwards);
      case Outside.Dns _ -> "dns";
    };
  }

  /** Empty for a line that we did not write. */
  private static Optional<Outside> read(String line) {
    String[] words = line.split(" ", -1);
    try {
      return switch (words[0]) {
        case "rule" ->
            Optional.of(
                new Outside.Rule(
                    new PolicyRule(
                        words[1].equals("6"),
                        Integer.parseInt(words[2]),
                        Boolean.parseBoolean(words[3]),
                        Integer.parseInt(words[4]),
                        Integer.parseInt(words[5]),
                        Integer.parseInt(words[6]),
                        Integer.parseInt(words[7]))));
        case "guard" -> Optional.of(new Outside.Guard(words[1].equals("6"), 0, List.of()));
        case "gateway" ->
            Optional.of(new Outside.Gateway(new GatewayTable(List.of(), List.of(), List.of())));
        case "forwards" -> Optional.of(forwards(words));
        case "dns" -> Optional.of(new Outside.Dns(new NameServers(List.of(), List.of())));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Names of interfaces have neither blanks nor slashes. */
  private static String write(Outside.Forwards forwards) {
    StringBuilder text =
        new StringBuilder("forwards ")
            .append(forwards.ipv6() ? "6 " : "4 ")
            .append(
                switch (forwards.by()) {
                  case Incoming.Own _ -> "own";
                  case Incoming.Any _ -> "any";
                  case Incoming.By(InterfaceName name) -> "by/" + name;
                });
    for (Saved saved : forwards.before()) {
      text.append(' ').append(saved.scope()).append('/').append(saved.setting());
      text.append('/').append(saved.value());
    }
    return text.toString();
  }

  private static Outside.Forwards forwards(String[] words) {
    Incoming by =
        switch (words[2]) {
          case "own" -> new Incoming.Own();
          case "any" -> new Incoming.Any();
          default -> new Incoming.By(new InterfaceName(words[2].split("/", -1)[1]));
        };
    List<Saved> before = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      String[] parts = words[i].split("/", -1);
      before.add(new Saved(parts[0], parts[1], parts[2]));
    }
    return new Outside.Forwards(words[1].equals("6"), by, before);
  }
}
