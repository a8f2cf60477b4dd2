// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.Finding.Severity;
import java.util.Locale;

/**
 * Every finding about a file as a file, and about a tunnel as it runs; findings about the text are
 * in {@code io.gatehouse.wgquick}. The code is the constant's name with dashes and never changes
 * once released; in the messages {@code %s} stands for details.
 */
enum TunnelFinding {
  FILE_NAME(
      Severity.ERROR,
      "the file's name gives no interface name",
      "Name it NAME.conf, NAME being 1 to 15 of letters, digits and _=+.- without a leading dash"),
  NAME_RESERVED(Severity.ERROR, "the name belongs to the system", "Choose another name"),
  NOT_A_FILE(
      Severity.ERROR,
      "it is %s",
      "Put a regular file here, or a link to one; nothing else is read"),
  UNREADABLE(Severity.ERROR, "the file cannot be read: %s", "See to its permissions"),
  EMPTY_FILE(
      Severity.ERROR,
      "the file is empty",
      "Write the tunnel into it, or remove it to take the tunnel down"),
  TOO_LARGE(Severity.ERROR, "the file is larger than 32 MB", "Split it into several tunnels"),
  OWNER(
      Severity.ERROR,
      "the file belongs to user %s, who could then command this machine's network",
      "chown root the file"),
  WRITABLE_BY_OTHERS(
      Severity.ERROR,
      "others than the owner can write the file",
      "chmod 600 the file, after a look at what is in it"),
  READABLE_BY_OTHERS(
      Severity.WARNING,
      "others than the owner can read the file and the keys in it",
      "chmod 600 the file"),
  INTERFACE_EXISTS(
      Severity.ERROR,
      "there is an interface of this name already, which is not ours and stays as it is",
      "Take that interface down, or rename the file"),
  HOOK_FAILED(
      Severity.ERROR,
      "%s; the tunnel is not brought up",
      "Correct the line, or try again by gatehouse up"),
  HOOKS_RUNNING(
      Severity.NOTE, "lines of the file that go with its coming or going run now", "Wait for them"),
  HOOKS_CHANGED(
      Severity.ERROR,
      "PreUp, PostUp, PreDown and PostDown cannot be set from here",
      "Edit the file itself"),
  HELD_DOWN(
      Severity.NOTE,
      "the tunnel was taken down by the administrator and stays down",
      "Bring it up by gatehouse up"),
  HELD_BACK(
      Severity.ERROR,
      "the file is not applied because of %s; what ran before goes on",
      "Correct it, or take it as it is by gatehouse approve %s"),
  WAITS_FOR_APPROVAL(
      Severity.NOTE,
      "the file waits for approval since %s, as it was here when Gatehouse first started; it would"
          + " bring up %s",
      "Approve it by gatehouse approve %s, or all files by gatehouse approve"),
  NOTHING_TO_APPROVE(
      Severity.ERROR, "nothing waits for approval", "See gatehouse status for what is there"),
  TUNNEL_IS_UP(Severity.ERROR, "the tunnel is up already", "Take it down first, or leave it"),
  TUNNEL_IS_DOWN(
      Severity.ERROR, "the tunnel has been taken down before", "Bring it up by gatehouse up"),
  NOT_RUNNING(Severity.ERROR, "the tunnel does not run", "Bring it up by gatehouse up"),
  ELSEWHERE(
      Severity.NOTE,
      "the interface was moved to another network namespace, where its addresses and routes are"
          + " left to whoever moved it",
      "Move it back, or leave it there"),
  RENAMED(
      Severity.WARNING,
      "the interface is called %s now; the tunnel goes on, but rules of nftables that name it do"
          + " not fit any more",
      "Take the link down, and give it back its name by ip link set"),
  PEER_EXPIRED(
      Severity.NOTE,
      "peer %s has expired and is not in force",
      "Write a later gatehouse.expires, or take the line away, to have it back"),
  PEER_OVER_QUOTA(
      Severity.NOTE,
      "peer %s has used its quota and is not in force until the next period begins",
      "Raise gatehouse.quota, or take the line away, to have it back at once"),
  LINK_DOWN(
      Severity.WARNING,
      "the link was set down by hand, so nothing passes",
      "Bring it up by ip link set %1$s up; its routes come back with it"),
  MTU_CHANGED(
      Severity.NOTE,
      "the MTU was set to %s by hand and stays so; it would be %s",
      "Write MTU into the file to keep it"),
  PUT_BACK(
      Severity.NOTE,
      "somebody took this away, and it was put back: %s",
      "Change the file to be rid of it"),
  CONTESTED(
      Severity.ERROR,
      "somebody takes this away again and again, and has won for now: %s",
      "Find out who it is, such as another network manager; then gatehouse down and up"),
  NOT_PUT_BACK(
      Severity.WARNING,
      "what somebody took away could not be put back: %s",
      "Put it back by hand, or gatehouse down and up"),
  FILE_CHANGED(
      Severity.ERROR,
      "the running state is not written to the file, which says something else by now",
      "Put the file right first"),
  TUNNEL_BUSY(
      Severity.ERROR, "the tunnel is just being brought up or taken down", "Try again in a moment"),
  NO_DNS_MANAGER(
      Severity.WARNING,
      "DNS is not set: this machine has neither resolvconf nor systemd-resolved",
      "Install openresolv and bring the tunnel up again, or set the name servers by other means"),
  NOT_APPLIED(Severity.ERROR, "it could not be applied: %s", "It is tried again"),
  NOT_UNDONE(
      Severity.ERROR,
      "of what could not be applied, something is left that could not be undone: %s",
      "It is put right when the file can be applied; else gatehouse down and up"),
  DRIFT(
      Severity.WARNING,
      "somebody has changed what runs: %s",
      "See gatehouse drift: take the file, take what runs, or ignore it"),
  NOT_IN_A_FILE(
      Severity.WARNING, "this cannot be written into a file: %s", "Take the file instead"),
  NO_SUCH_TUNNEL(
      Severity.ERROR, "there is no tunnel of this name", "Choose one that has a file here"),
  NO_SUCH_REVISION(
      Severity.ERROR,
      "the history has no such revision, or several that begin like this",
      "Choose one by gatehouse history list"),
  NOT_IN_REVISION(
      Severity.ERROR, "the revision has no such file", "See what it has by gatehouse history show"),
  HISTORY_FAILED(
      Severity.ERROR,
      "the history cannot be used: %s",
      "See to the directory history in gatehouse.state.directory"),
  COMMIT_WAITS(
      Severity.ERROR,
      "a commit waits to be confirmed already",
      "End it by gatehouse commit confirm or gatehouse commit revert"),
  NO_COMMIT(Severity.ERROR, "no commit waits to be confirmed", "Begin one by gatehouse commit"),
  NO_SUCH_FILE(Severity.ERROR, "there is no such file", "Choose one that file.list names"),
  FILE_EXISTS(
      Severity.ERROR, "there is a file of this name already", "Edit that, or choose another name"),
  STALE_VERSION(
      Severity.ERROR,
      "the file is not any more what was edited, and what it was is not known",
      "Read it again, and make the change in that"),
  MERGE_CONFLICT(
      Severity.ERROR,
      "somebody else has changed this as well since it was read",
      "Read the file again, and make the change in that"),
  NOT_ENCODABLE(
      Severity.ERROR,
      "the file is in %s, which has not all of these characters",
      "Do without them, or bring the file to UTF-8 first"),
  TOO_LARGE_TO_SHOW(
      Severity.ERROR,
      "the file is larger than what is read and written whole",
      "Change its settings one by one, by edit"),
  NO_FIX(
      Severity.ERROR,
      "the checks do not find this here, or only a person can decide what to do",
      "Ask for the findings again"),
  FILE_TWICE(Severity.ERROR, "the file is named twice", "Put all its edits together"),
  EDIT_FORM(
      Severity.ERROR,
      "the edit cannot be made: %s",
      "See what it can be in the page about the control interface"),
  NOT_WRITTEN(Severity.ERROR, "the file could not be written: %s", "See to its directory");

  private final Severity severity;
  private final String message;
  private final String remedy;

  TunnelFinding(Severity severity, String message, String remedy) {
    this.severity = severity;
    this.message = message;
    this.remedy = remedy;
  }

  /** The stable code, such as {@code HELD-DOWN}. */
  String code() {
    return name().replace('_', '-').toUpperCase(Locale.ROOT);
  }

  Finding of(String file, Object... details) {
    return at(file, 0, "", details);
  }

  Finding at(String file, int line, String value, Object... details) {
    return new Finding(
        code(), severity, file, line, value, message.formatted(details), remedy.formatted(details));
  }
}
