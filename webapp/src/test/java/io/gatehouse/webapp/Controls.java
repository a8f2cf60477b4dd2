// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import static java.util.Map.entry;

import io.gatehouse.server.security.Action;
import io.gatehouse.server.security.Permissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be pressed, filled in or followed on a page, and what somebody must be allowed to for
 * whom that does anything.
 */
final class Controls {
  /** Of forms by page and name; a page counts before all pages. */
  static final Map<String, Action> FORMS =
      Map.ofEntries(
          entry("session", Action.OWN_ACCOUNT),
          entry("commit", Action.CHANGE_SAFELY),
          entry("/tunnels peer", Action.EDIT_PEERS),
          entry("/tunnel peer", Action.EDIT_PEERS),
          entry("/tunnel act", Action.SWITCH_TUNNEL),
          entry("/tunnel down", Action.SWITCH_TUNNEL),
          entry("/tunnel drift-file", Action.SWITCH_TUNNEL),
          entry("/tunnel drift-running", Action.KEEP_RUNNING),
          entry("/tunnel drift-ignore", Action.KEEP_RUNNING),
          entry("/tunnel approve", Action.APPROVE_FILES),
          entry("/files approve", Action.APPROVE_FILES),
          entry("/new-tunnel new", Action.EDIT_FILES),
          entry("/add-peers list", Action.EDIT_PEERS),
          entry("/settings settings", Action.EDIT_PEERS),
          entry("/peers views", Action.LOOK),
          entry("/peers links", Action.EDIT_PEERS),
          entry("/peers view", Action.LOOK),
          entry("/peers bulk", Action.EDIT_PEERS),
          entry("/peer act", Action.EDIT_PEERS),
          entry("/peer remove", Action.EDIT_PEERS),
          entry("/file editor", Action.EDIT_FILES),
          entry("/file remove", Action.EDIT_FILES),
          entry("/monitoring test", Action.TEST_NOTIFICATIONS),
          entry("/monitoring user", Action.EDIT_MONITORING),
          entry("/monitoring drop-user", Action.EDIT_MONITORING),
          entry("/monitoring target", Action.EDIT_MONITORING),
          entry("/monitoring drop-target", Action.EDIT_MONITORING),
          entry("/review begin", Action.CHANGE_SAFELY),
          entry("/revision restore", Action.RESTORE_REVISION),
          entry("/access", Action.OWN_ACCOUNT),
          entry("/users", Action.MANAGE_USERS),
          entry("/user", Action.MANAGE_USERS));

  /** Of what only a script answers to, by its attribute. */
  private static final Map<String, Action> ATTRIBUTES =
      Map.of(
          "data-add-peer", Action.EDIT_PEERS,
          "data-bulk", Action.EDIT_PEERS,
          "data-pick", Action.EDIT_PEERS,
          "data-import-open", Action.EDIT_FILES,
          "data-import-put", Action.EDIT_FILES,
          "data-backup-make", Action.BACK_UP,
          "data-backup-choose", Action.RESTORE_BACKUP,
          "data-restore-apply", Action.RESTORE_BACKUP);

  /** Of pages that do more with parameters than without, or less. */
  private static final Map<String, Action> ADDRESSES =
      Map.of("/file", Action.EDIT_FILES, "/settings?tunnel=office", Action.EDIT_FILES);

  private static final Pattern TAG =
      Pattern.compile("<(?:button|input|select|textarea|a)\\b[^>]*>");

  /** Of what belongs to a form: its name stands before, but for what repeats. */
  private static final Pattern NAME =
      Pattern.compile(" name=\"(?:j_id\\w*:|\\d+:)*([\\w-]+):[\\w:-]+\"");

  private static final Pattern HREF = Pattern.compile(" href=\"(/[^\"]*)\"");
  private static final Pattern OPENS = Pattern.compile(" data-open=\"([^\"]+)\"");

  private Controls() {}

  /**
   * The controls of a page, each with what it needs; empty for one that does nothing for anybody,
   * or is not known here.
   *
   * @param address of the page
   * @param html what was answered
   */
  static Map<String, Optional<Action>> of(String address, String html) {
    String page = path(address);
    Map<String, Optional<Action>> controls = new TreeMap<>();
    Matcher tags = TAG.matcher(html);
    while (tags.find()) {
      String tag = tags.group();
      Matcher name = NAME.matcher(tag);
      if (name.find() && !tag.matches(".*(?:type=\"hidden\"|readonly=|disabled=).*")) {
        controls.put("form " + name.group(1), form(page, name.group(1)));
      }
      Matcher href = HREF.matcher(tag);
      if (href.find() && !href.group(1).startsWith("/jakarta.faces.resource")) {
        String to = href.group(1).replace("&amp;", "&");
        controls.put("link " + to, Optional.ofNullable(ADDRESSES.get(to)).or(() -> ofPath(to)));
      }
      Matcher opens = OPENS.matcher(tag);
      if (opens.find()) {
        boolean there = html.contains("<dialog id=\"" + opens.group(1) + "\"");
        controls.put(
            "opener " + opens.group(1), there ? Optional.of(Action.LOOK) : Optional.empty());
      }
      ATTRIBUTES.forEach(
          (attribute, action) -> {
            if (tag.contains(" " + attribute + "=")) {
              controls.put(attribute, Optional.of(action));
            }
          });
    }
    return controls;
  }

  private static Optional<Action> form(String page, String form) {
    return Optional.ofNullable(FORMS.get(page + " " + form))
        .or(() -> Optional.ofNullable(FORMS.get(form)))
        .or(() -> Optional.ofNullable(FORMS.get(page)));
  }

  private static Optional<Action> ofPath(String address) {
    String path = path(address);
    return Permissions.ofPath(path.startsWith("/api/") ? "/api" : path);
  }

  private static String path(String address) {
    return address.replaceFirst("\\?.*", "");
  }
}
