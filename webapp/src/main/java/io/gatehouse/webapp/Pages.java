// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.server.security.Caller;
import io.gatehouse.server.security.Permissions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.util.List;

/** The pages that can be gone to from everywhere, in the order of the navigation. */
@Named
@ApplicationScoped
public class Pages {
  /**
   * One of them; its name is the text {@code nav.PATH}.
   *
   * @param path its address without the slash
   * @param key the letter that goes there after a {@code g}
   * @param icon its PrimeIcon
   * @param below the pages that are reached through it
   */
  public record Entry(String path, String key, String icon, List<String> below) {
    Entry(String path, String key, String icon, String... below) {
      this(path, key, icon, List.of(below));
    }

    /** Whether the page that is being made is this one, or below it. */
    public boolean isHere() {
      String view = FacesContext.getCurrentInstance().getViewRoot().getViewId();
      String name = view.replaceFirst("^/", "").replaceFirst("\\.xhtml$", "");
      return name.equals(path) || below.contains(name);
    }
  }

  private static final List<Entry> ALL =
      List.of(
          new Entry("overview", "o", "pi-home"),
          new Entry(
              "tunnels",
              "t",
              "pi-arrow-right-arrow-left",
              "tunnel",
              "new-tunnel",
              "settings",
              "add-peers"),
          new Entry("peers", "p", "pi-users", "peer"),
          new Entry("explorer", "e", "pi-directions"),
          new Entry("diagnose", "d", "pi-wave-pulse"),
          new Entry("files", "f", "pi-file-edit", "file"),
          new Entry("monitoring", "m", "pi-chart-line"),
          new Entry("history", "h", "pi-history", "revision", "compare"),
          new Entry("review", "r", "pi-file-check"),
          new Entry("access", "a", "pi-key", "users", "user"),
          new Entry("audit", "u", "pi-book"),
          new Entry("system", "s", "pi-server"));

  /** All that the user may go to. */
  public List<Entry> getAll() {
    return ALL.stream()
        .filter(
            entry ->
                Permissions.ofPath("/" + entry.path()).filter(Caller.current()::may).isPresent())
        .toList();
  }
}
