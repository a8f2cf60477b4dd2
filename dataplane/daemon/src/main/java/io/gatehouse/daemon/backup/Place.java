// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A directory whose content is in a backup, or that part of it which is ours.
 *
 * @param name in the backup
 * @param directory where it is on this machine
 * @param stage where a restore puts it first, in the same file system
 * @param only names in it that count; all when empty
 * @param except names in it that do not
 */
record Place(
    String name, Path directory, Path stage, Optional<Set<String>> only, Set<String> except) {
  static final String TUNNELS = "tunnels";
  static final String STATE = "state";
  static final String SETTINGS = "settings";
  static final String CONSOLE = "console";

  /** Under what name the settings file is in a backup, however it is called here. */
  static final String SETTINGS_FILE = "gatehouse.properties";

  /** What was there before a restore; stays until somebody takes it away. */
  static final String REPLACED = ".replaced-";

  private static final String STAGE = ".restore-";
  private static final String PARTS = "conf.d";

  /** In the state directory, backups on their way from and to the control socket. */
  static final String ON_THE_WAY = "backups";

  /** Notes of what this machine has in its kernel now, which no other has. */
  private static final Set<String> OF_THIS_MACHINE = Set.of("leftovers", "up", ON_THE_WAY);

  /**
   * What of the state is taken from a backup that came over the control socket: nothing that says
   * who may what, or what somebody did.
   */
  private static final Set<String> OVER_THE_SOCKET =
      Set.of(
          "history",
          "known-files",
          "peer-numbers",
          "counters",
          "last-known",
          "quota-usage",
          "held-down",
          "snmp.engine",
          "snmp.users",
          "snmp.targets",
          "snmp.community");

  /** What is made anew by the console's server. */
  private static final Set<String> NOT_OF_CONSOLE = Set.of("logs", "workarea", "tranlog");

  private static final Pattern HALF_WRITTEN = Pattern.compile("\\..+\\.gatehouse-[0-9]+");

  /**
   * All of a machine.
   *
   * @param settings the settings file
   * @param console the console's state, where this process may see it
   */
  static List<Place> all(Path tunnels, Path state, Path settings, Optional<Path> console) {
    List<Place> places = new ArrayList<>();
    Path parent = settings.toAbsolutePath().getParent();
    if (parent != null) {
      String file = String.valueOf(settings.getFileName());
      places.add(place(SETTINGS, parent, Optional.of(Set.of(file, PARTS)), Set.of()));
    }
    places.add(place(TUNNELS, tunnels, Optional.empty(), Set.of()));
    Set<String> except = new TreeSet<>(OF_THIS_MACHINE);
    for (Path inside : List.of(tunnels, console.orElse(state))) {
      if (!inside.equals(state) && inside.startsWith(state)) {
        except.add(state.relativize(inside).getName(0).toString());
      }
    }
    places.add(place(STATE, state, Optional.empty(), except));
    // Its directory belongs to a user without rights, so root puts nothing there beforehand.
    console.ifPresent(
        directory ->
            places.add(
                new Place(
                    CONSOLE,
                    directory,
                    state.resolve(STAGE + CONSOLE),
                    Optional.empty(),
                    NOT_OF_CONSOLE)));
    return List.copyOf(places);
  }

  /** What a data plane may replace of itself, at the word of the control socket. */
  static List<Place> overTheSocket(Path tunnels, Path state) {
    return List.of(
        place(TUNNELS, tunnels, Optional.empty(), Set.of()),
        place(STATE, state, Optional.of(OVER_THE_SOCKET), Set.of()));
  }

  private static Place place(
      String name, Path directory, Optional<Set<String>> only, Set<String> except) {
    return new Place(name, directory, directory.resolve(STAGE + name), only, except);
  }

  /** Whether something in the directory belongs to it. */
  boolean covers(String entry) {
    return only.map(names -> names.contains(entry)).orElse(true)
        && !except.contains(entry)
        && !isOfRestore(entry);
  }

  /** Whether something anywhere below is passed over. */
  boolean passesOver(String entry) {
    return HALF_WRITTEN.matcher(entry).matches()
        || (name.equals(CONSOLE) && NOT_OF_CONSOLE.contains(entry));
  }

  static boolean isOfRestore(String entry) {
    return entry.startsWith(STAGE) || entry.startsWith(REPLACED) || entry.equals(Staged.MARK);
  }

  /** The name in the backup of something in the directory. */
  String archived(String entry) {
    return name.equals(SETTINGS) && !entry.equals(PARTS) ? SETTINGS_FILE : entry;
  }

  /** The name in the directory of something in the backup. */
  String here(String archived) {
    return name.equals(SETTINGS) && archived.equals(SETTINGS_FILE)
        ? only.orElseThrow().stream()
            .filter(entry -> !entry.equals(PARTS))
            .findFirst()
            .orElseThrow()
        : archived;
  }

  /** Where a restore puts the content first. */
  Path arriving() {
    return stage.resolve("new");
  }

  /** Where a restore puts what was there. */
  Path replaced() {
    return stage.resolve("old");
  }
}
