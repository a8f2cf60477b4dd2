// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code gatehouse show}: what {@code wg show} says, in the same words. */
final class Show {
  private static final String FIELDS_REMEDY = "gatehouse show --help lists the fields.";

  private final WgInterfaces interfaces;
  private final Streams streams;

  Show(WgInterfaces interfaces, Streams streams) {
    this.interfaces = interfaces;
    this.streams = streams;
  }

  /**
   * Shows.
   *
   * @param words nothing, or an interface, {@code all} or {@code interfaces}, and then a field
   * @return exit status
   */
  int run(List<String> words) throws Failure, IOException {
    if (words.isEmpty() || words.getFirst().equals("all")) {
      return words.size() < 2 ? showAll() : showAll(field(words.get(1)));
    }
    String name = words.getFirst();
    if (name.equals("interfaces")) {
      if (words.size() > 1) {
        throw new Failure("Invalid parameter: `" + words.get(1) + "'", "interfaces takes none.");
      }
      List<String> names = names();
      streams.out().print(names.isEmpty() ? "" : String.join(" ", names) + "\n");
      return 0;
    }
    Optional<ShowField> field =
        words.size() < 2 ? Optional.empty() : Optional.of(field(words.get(1)));
    WgInterface device = get(name);
    streams
        .out()
        .print(field.isPresent() ? field.get().format(device, false) : pretty().format(device));
    return 0;
  }

  /** {@code showconf}. */
  int showconf(String name) throws Failure, IOException {
    streams.out().print(ConfFile.show(get(name)));
    return 0;
  }

  private WgInterface get(String name) throws Failure, IOException {
    try {
      return interfaces.get(name);
    } catch (UapiException e) {
      throw new Failure(
          "Unable to access interface: " + e.words(), e.remedy(name, interfaces.directory()));
    }
  }

  private int showAll() throws Failure, IOException {
    PrettyShow pretty = pretty();
    StringBuilder text = new StringBuilder();
    List<String> names = names();
    boolean shown = names.isEmpty();
    for (String name : names) {
      Optional<WgInterface> device = tryGet(name);
      device.ifPresent(d -> text.append(text.isEmpty() ? "" : "\n").append(pretty.format(d)));
      shown |= device.isPresent();
    }
    streams.out().print(text);
    return shown ? 0 : 1;
  }

  private int showAll(ShowField field) throws Failure, IOException {
    StringBuilder text = new StringBuilder();
    List<String> names = names();
    boolean shown = names.isEmpty();
    for (String name : names) {
      Optional<WgInterface> device = tryGet(name);
      device.ifPresent(d -> text.append(field.format(d, true)));
      shown |= device.isPresent();
    }
    streams.out().print(text);
    return shown ? 0 : 1;
  }

  private List<String> names() throws Failure, IOException {
    try {
      return interfaces.names();
    } catch (UapiException e) {
      throw new Failure(
          "Unable to list interfaces: " + e.words(), e.remedy("NAME", interfaces.directory()));
    }
  }

  /** One that ends while all are shown is told and passed over. */
  private Optional<WgInterface> tryGet(String name) throws IOException {
    try {
      return Optional.of(interfaces.get(name));
    } catch (UapiException e) {
      streams.err().println("Unable to access interface " + name + ": " + e.words());
      return Optional.empty();
    }
  }

  private static ShowField field(String word) throws Failure {
    return ShowField.of(word)
        .orElseThrow(() -> new Failure("Invalid parameter: `" + word + "'", FIELDS_REMEDY));
  }

  private PrettyShow pretty() {
    return new PrettyShow(
        Terminal.of(streams),
        !streams.variable("WG_HIDE_KEYS").equals("never"),
        Instant.now().getEpochSecond());
  }
}
