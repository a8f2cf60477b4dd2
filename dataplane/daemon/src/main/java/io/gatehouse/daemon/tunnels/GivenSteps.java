// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.EditStep;
import io.gatehouse.wgquick.FileEdit;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.FindingCode;
import io.gatehouse.wgquick.HiddenKeys;
import io.gatehouse.wgquick.Key;
import io.gatehouse.wgquick.OwnKey;
import io.gatehouse.wgquick.RefusedEdit;
import io.gatehouse.wgquick.WgQuickFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Makes the edits that somebody gave as texts. Stateless. */
final class GivenSteps {
  private static final String OWN = "gatehouse.";

  private GivenSteps() {}

  /**
   * The document with steps made, one after the other.
   *
   * @param checks what is to be said about a document
   * @throws Refusal if one of them cannot be made
   */
  static WgQuickFile make(
      WgQuickFile document, List<EditStep> steps, Function<WgQuickFile, List<Finding>> checks)
      throws Refusal {
    WgQuickFile edited = document;
    for (EditStep step : steps) {
      try {
        edited =
            edited.edit(
                step instanceof EditStep.Fix fix
                    ? fix(document.fileName(), fix, checks.apply(edited))
                    : List.of(edit(document.fileName(), step)));
      } catch (RefusedEdit e) {
        throw new Refusal(e.finding());
      } catch (IllegalArgumentException e) {
        throw new Refusal(
            TunnelFinding.EDIT_FORM.of(document.fileName(), String.valueOf(e.getMessage())));
      }
    }
    return edited;
  }

  private static List<FileEdit> fix(String file, EditStep.Fix wanted, List<Finding> findings)
      throws Refusal {
    return findings.stream()
        .filter(finding -> finding.code().equals(wanted.code()))
        .filter(finding -> finding.line() == wanted.line() && !finding.fix().isEmpty())
        .findFirst()
        .map(Finding::fix)
        .orElseThrow(
            () ->
                new Refusal(
                    TunnelFinding.NO_FIX.at(
                        file, wanted.line(), TunnelDirectory.printable(wanted.code()))));
  }

  private static FileEdit edit(String file, EditStep step) throws Refusal {
    return switch (step) {
      case EditStep.Set set -> set(file, set);
      case EditStep.Add add ->
          new FileEdit.Add(place(add.peer()), key(file, add.key()), add.value());
      case EditStep.Remove remove ->
          new FileEdit.Remove(place(remove.peer()), key(file, remove.key()), remove.value());
      case EditStep.Replace replace ->
          new FileEdit.Replace(
              place(replace.peer()), key(file, replace.key()), replace.value(), replace.by());
      case EditStep.Rename rename ->
          new FileEdit.Rename(
              GivenPeer.key(rename.peer()),
              Optional.of(rename.name()).filter(name -> !name.isEmpty()));
      case EditStep.AddPeer add ->
          new FileEdit.AddPeer(
              GivenPeer.read(
                  add.publicKey(),
                  add.name(),
                  add.allowedIps(),
                  add.endpoint(),
                  add.persistentKeepalive(),
                  add.presharedKey()));
      case EditStep.RemovePeer remove -> new FileEdit.RemovePeer(GivenPeer.key(remove.peer()));
      case EditStep.ReplaceKey replace ->
          new FileEdit.ReplaceKey(GivenPeer.key(replace.peer()), GivenPeer.key(replace.by()));
      case EditStep.Disable disable -> new FileEdit.Disable(GivenPeer.key(disable.peer()));
      case EditStep.Text text ->
          throw new IllegalArgumentException("a text is the first step of its file or none");
      case EditStep.Fix fix -> throw new IllegalArgumentException(fix.toString());
      case EditStep.Enable enable -> new FileEdit.Enable(GivenPeer.key(enable.peer()));
    };
  }

  private static FileEdit set(String file, EditStep.Set set) throws Refusal {
    FileEdit.Place place = place(set.peer());
    if (set.key().toLowerCase(Locale.ROOT).startsWith(OWN)) {
      OwnKey<?> own =
          OwnKey.of(set.key().substring(OWN.length()))
              .orElseThrow(() -> new Refusal(unknown(file, set.key())));
      return new FileEdit.SetOwn(place, own, set.values());
    }
    Key key = key(file, set.key());
    List<String> values =
        key.isSecret() && set.values().equals(List.of(HiddenKeys.GENERATE))
            ? List.of(HiddenKeys.generate())
            : set.values();
    return new FileEdit.Set(place, key, values);
  }

  private static FileEdit.Place place(Optional<String> peer) throws Refusal {
    return peer.isEmpty() ? FileEdit.INTERFACE : FileEdit.peer(GivenPeer.key(peer.get()));
  }

  private static Key key(String file, String name) throws Refusal {
    return Key.of(name).orElseThrow(() -> new Refusal(unknown(file, name)));
  }

  private static Finding unknown(String file, String name) {
    return FindingCode.UNKNOWN_KEY.at(
        file,
        0,
        TunnelDirectory.printable(name),
        "Give a key of wg-quick, such as AllowedIPs, or one of ours, such as gatehouse.note");
  }
}
