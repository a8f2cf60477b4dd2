// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static java.util.Map.entry;

import io.gatehouse.control.ControlMethod;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one table of who may what: which {@link Action} each page and each method of the control
 * socket needs. What stands in neither list is for nobody, so whatever is new must be entered here
 * before it works.
 */
public final class Permissions {
  /** For everyone, users or not. */
  private static final Set<String> OPEN =
      Set.of("/login", "/setup", "/get", "/take", "/jakarta.faces.resource");

  private static final Map<String, Action> PATHS =
      Map.ofEntries(
          entry("/", Action.LOOK),
          entry("/overview", Action.LOOK),
          entry("/tunnels", Action.LOOK),
          entry("/tunnel", Action.LOOK),
          entry("/new-tunnel", Action.EDIT_FILES),
          entry("/settings", Action.EDIT_PEERS),
          entry("/add-peers", Action.EDIT_PEERS),
          entry("/peers", Action.LOOK),
          entry("/peer", Action.LOOK),
          entry("/explorer", Action.LOOK),
          entry("/diagnose", Action.LOOK),
          entry("/files", Action.LOOK),
          entry("/file", Action.LOOK),
          entry("/history", Action.LOOK),
          entry("/revision", Action.LOOK),
          entry("/compare", Action.LOOK),
          entry("/review", Action.LOOK),
          entry("/monitoring", Action.LOOK),
          entry("/access", Action.OWN_ACCOUNT),
          entry("/users", Action.MANAGE_USERS),
          entry("/user", Action.MANAGE_USERS),
          entry("/audit", Action.READ_AUDIT),
          entry("/system", Action.LOOK),
          entry("/push", Action.LOOK),
          // What is below asks for each thing that it does.
          entry("/api", Action.LOOK));

  private static final Map<String, Action> METHODS =
      Map.ofEntries(
          entry(ControlMethod.STATUS, Action.LOOK),
          entry(ControlMethod.SUBSCRIBE, Action.LOOK),
          entry(ControlMethod.CHECK, Action.LOOK),
          entry(ControlMethod.EXPLAIN, Action.LOOK),
          entry(ControlMethod.PLAN, Action.LOOK),
          entry(ControlMethod.PEER_PROPOSE, Action.LOOK),
          entry(ControlMethod.FILE_LIST, Action.LOOK),
          entry(ControlMethod.FILE_READ, Action.LOOK),
          entry(ControlMethod.HISTORY_LIST, Action.LOOK),
          entry(ControlMethod.HISTORY_SHOW, Action.LOOK),
          entry(ControlMethod.HISTORY_DIFF, Action.LOOK),
          entry(ControlMethod.SNMP_USER_LIST, Action.LOOK),
          entry(ControlMethod.SNMP_TARGET_LIST, Action.LOOK),
          entry(ControlMethod.MONITORING, Action.LOOK),
          entry(ControlMethod.MONITORING_FILE, Action.LOOK),
          entry(ControlMethod.TUNNEL_UP, Action.SWITCH_TUNNEL),
          entry(ControlMethod.TUNNEL_DOWN, Action.SWITCH_TUNNEL),
          entry(ControlMethod.DRIFT_TAKE_FILE, Action.SWITCH_TUNNEL),
          entry(ControlMethod.PEER_ADD, Action.EDIT_PEERS),
          entry(ControlMethod.COMMIT_BEGIN, Action.CHANGE_SAFELY),
          entry(ControlMethod.COMMIT_CONFIRM, Action.CHANGE_SAFELY),
          entry(ControlMethod.COMMIT_REVERT, Action.CHANGE_SAFELY),
          entry(ControlMethod.SNMP_TRAP_TEST, Action.TEST_NOTIFICATIONS),
          // Of steps that are about peers alone, less; see below.
          entry(ControlMethod.EDIT, Action.EDIT_FILES),
          entry(ControlMethod.FILE_WRITE, Action.EDIT_FILES),
          entry(ControlMethod.FILE_CREATE, Action.EDIT_FILES),
          entry(ControlMethod.FILE_REMOVE, Action.EDIT_FILES),
          entry(ControlMethod.FILE_RENAME, Action.EDIT_FILES),
          entry(ControlMethod.TUNNEL_APPROVE, Action.APPROVE_FILES),
          entry(ControlMethod.TUNNEL_SAVE, Action.KEEP_RUNNING),
          entry(ControlMethod.DRIFT_TAKE_RUNNING, Action.KEEP_RUNNING),
          entry(ControlMethod.DRIFT_IGNORE, Action.KEEP_RUNNING),
          entry(ControlMethod.HISTORY_RESTORE, Action.RESTORE_REVISION),
          entry(ControlMethod.BACKUP_MAKE, Action.BACK_UP),
          entry(ControlMethod.BACKUP_READ, Action.BACK_UP),
          entry(ControlMethod.RESTORE_SEND, Action.RESTORE_BACKUP),
          entry(ControlMethod.RESTORE_LOOK, Action.RESTORE_BACKUP),
          entry(ControlMethod.RESTORE_APPLY, Action.RESTORE_BACKUP),
          entry(ControlMethod.SNMP_USER_ADD, Action.EDIT_MONITORING),
          entry(ControlMethod.SNMP_USER_REMOVE, Action.EDIT_MONITORING),
          entry(ControlMethod.SNMP_TARGET_ADD, Action.EDIT_MONITORING),
          entry(ControlMethod.SNMP_TARGET_REMOVE, Action.EDIT_MONITORING));

  /** Parts of something else that is written down as a whole, and that change nothing. */
  private static final Set<String> PARTS =
      Set.of(ControlMethod.BACKUP_READ, ControlMethod.RESTORE_SEND);

  private Permissions() {}

  /**
   * Whether a path is for everyone.
   *
   * @param servletPath as the container has taken it apart, without parameters
   */
  static boolean isOpen(String servletPath) {
    return OPEN.contains(page(servletPath)) || servletPath.startsWith("/jakarta.faces.resource/");
  }

  /**
   * What somebody must be allowed to who goes there; empty if nobody may.
   *
   * @param servletPath as the container has taken it apart, without parameters
   */
  public static Optional<Action> ofPath(String servletPath) {
    return Optional.ofNullable(PATHS.get(page(servletPath)));
  }

  /**
   * What somebody must be allowed to who calls this method of the control socket; empty if the
   * console never may, whoever asks: answers with keys are for the owner of the machine.
   */
  public static Optional<Action> ofMethod(String method, JsonObject params) {
    return method.equals(ControlMethod.EDIT) && isAboutPeersOnly(params)
        ? Optional.of(Action.EDIT_PEERS)
        : Optional.ofNullable(METHODS.get(method));
  }

  /** Whether calls of a method are not worth a line of the audit each. */
  public static boolean isPart(String method) {
    return PARTS.contains(method);
  }

  private static boolean isAboutPeersOnly(JsonObject edit) {
    return edit.getJsonArray("files").getValuesAs(JsonObject.class).stream()
        .flatMap(file -> file.getJsonArray("steps").getValuesAs(JsonObject.class).stream())
        .allMatch(Permissions::isAboutAPeer);
  }

  private static boolean isAboutAPeer(JsonObject step) {
    return step.getString("kind", "").equals("addPeer")
        || step.getOrDefault("peer", JsonValue.NULL).getValueType() == JsonValue.ValueType.STRING;
  }

  private static String page(String servletPath) {
    return servletPath.endsWith(".xhtml")
        ? servletPath.substring(0, servletPath.length() - ".xhtml".length())
        : servletPath.isEmpty() ? "/" : servletPath;
  }
}
