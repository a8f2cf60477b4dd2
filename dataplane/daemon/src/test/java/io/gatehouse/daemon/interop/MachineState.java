// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that a tunnel may change on a machine, as the stock tools tell it: one line for each link,
 * address, route, rule, nftables object and peer, sorted, so that two machines can be compared.
 *
 * <p>Left out is what two runs of the same program differ in: interface and handle numbers, the
 * link-local address, which is random, times and counters.
 */
record MachineState(List<String> lines) {
  private static final Set<String> RANDOM =
      Set.of("ifindex", "link_index", "handle", "metainfo", "tentative");
  private static final Pattern LINK_LOCAL =
      Pattern.compile("\"ifname\":\"wg0\".*?\"local\":\"(fe80:[0-9a-f:]+)\"");

  /** The kernel sets those for addresses a little later than the addresses, which are compared. */
  private static final Pattern LATE_ROUTE =
      Pattern.compile("route6 .*\"dev\":\"wg0\".*\"type\":\"local\"}");

  private static final Pattern PART = Pattern.compile("(?m)^== (.*)\n((?:(?!== ).*\n?)*)");

  /** Asks a machine; the output is for {@link #read}. */
  static final String SCRIPT =
      """
      exec 2>/dev/null
      echo '== link'; ip -j link show
      echo '== address'; ip -j address show
      echo '== route4'; ip -j -4 route show table all
      echo '== route6'; ip -j -6 route show table all
      echo '== rule4'; ip -j -4 rule show
      echo '== rule6'; ip -j -6 rule show
      echo '== nft'; nft -j list ruleset
      echo '== sysctl'; sysctl net.ipv4.conf.all.src_valid_mark
      echo '== wg'; wg show wg0 dump
      exit 0
      """;

  MachineState {
    lines = List.copyOf(lines);
  }

  /** Reads what {@link #SCRIPT} wrote. */
  static MachineState read(String output) {
    Matcher random = LINK_LOCAL.matcher(output);
    String text = random.find() ? output.replace(random.group(1), "LINK-LOCAL") : output;
    List<String> lines = new ArrayList<>();
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      String part = parts.group(1);
      String body = parts.group(2).strip();
      switch (part) {
        case "sysctl" -> lines.add(body);
        case "wg" -> body.lines().map(MachineState::wg).forEach(lines::add);
        default -> {
          if (!body.isEmpty()) {
            objects(body).forEach(object -> lines.add(part + " " + object));
          }
        }
      }
    }
    return new MachineState(
        lines.stream().filter(line -> !LATE_ROUTE.matcher(line).matches()).sorted().toList());
  }

  /** Without some keys of the JSON objects. */
  MachineState without(Set<String> keys) {
    List<String> kept = new ArrayList<>();
    for (String line : lines) {
      String shorter = line;
      for (String key : keys) {
        shorter = shorter.replaceAll("\"" + key + "\":[^,}]*,?", "");
      }
      kept.add(shorter);
    }
    return new MachineState(kept.stream().sorted().toList());
  }

  /** What one has and the other has not. */
  static String difference(MachineState stock, MachineState ours) {
    List<String> stockOnly = new ArrayList<>(stock.lines);
    List<String> oursOnly = new ArrayList<>(ours.lines);
    ours.lines.forEach(stockOnly::remove);
    stock.lines.forEach(oursOnly::remove);
    StringBuilder text = new StringBuilder();
    stockOnly.forEach(line -> text.append("\n  only stock: ").append(line));
    oursOnly.forEach(line -> text.append("\n  only ours:  ").append(line));
    return text.toString();
  }

  private static List<String> objects(String json) {
    List<String> objects = new ArrayList<>();
    try (var reader = Json.createReader(new StringReader(json))) {
      JsonValue value = reader.readValue();
      JsonArray array =
          value instanceof JsonObject object
              ? object.getJsonArray("nftables")
              : value.asJsonArray();
      array.forEach(item -> objects.add(canonical(item)));
    }
    return objects;
  }

  private static String canonical(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        TreeMap<String, String> sorted = new TreeMap<>();
        object.forEach(
            (key, item) -> {
              if (!RANDOM.contains(key)) {
                sorted.put("\"" + key + "\"", canonical(item));
              }
            });
        yield sorted.toString().replaceAll("(\")=", "$1:").replace(", \"", ",\"");
      }
      case JsonArray array ->
          array.stream().map(MachineState::canonical).sorted().toList().toString();
      default -> value.toString();
    };
  }

  /** A line of wg's dump: the device with its port, or a peer. */
  private static String wg(String line) {
    String[] words = line.split("\t", -1);
    if (words.length == 4) {
      String port = words[2].equals("51821") ? words[2] : "random";
      return "wg device " + words[0] + " " + words[1] + " " + port + " " + words[3];
    }
    List<String> allowedIps = List.of(words[3].split(",", -1)).stream().sorted().toList();
    return "wg peer "
        + String.join(" ", words[0], words[1], words[2], allowedIps.toString(), words[7]);
  }
}
