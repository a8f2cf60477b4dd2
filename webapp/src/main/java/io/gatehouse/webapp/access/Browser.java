// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.List;

/** What people call a browser, from what it calls itself (RFC 9110, section 10.1.5). */
@Named
@ApplicationScoped
public class Browser {
  // Each claims to be those before it as well, so the first that is found counts.
  private static final List<String> PROGRAMS =
      List.of("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl");

  private static final List<String> SYSTEMS =
      List.of("iPhone", "iPad", "Android", "Windows", "Mac OS X", "CrOS", "Linux");

  /** Program and system, as far as they are known; else what it says, cut. */
  public String name(String agent) {
    String program = first(PROGRAMS, agent);
    String system = first(SYSTEMS, agent);
    return program.isEmpty()
        ? agent.substring(0, Math.min(40, agent.length()))
        : readable(program) + (system.isEmpty() ? "" : ", " + readable(system));
  }

  private static String readable(String word) {
    return switch (word) {
      case "Edg" -> "Edge";
      case "OPR" -> "Opera";
      case "Mac OS X" -> "macOS";
      case "CrOS" -> "ChromeOS";
      default -> word;
    };
  }

  private static String first(List<String> words, String agent) {
    return words.stream().filter(agent::contains).findFirst().orElse("");
  }
}
