// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.FileEdit.Place;
import io.gatehouse.wgquick.Finding.Severity;
import io.gatehouse.wgquick.Settings.Item;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one edit of a document: finds the lines, changes them, reads the result and compares it
 * with what was wanted. For one edit, on one thread; linear in the size of the file.
 */
final class Editor {
  private final WgQuickFile before;
  private final List<Line> lines;
  private final Settings said;
  private final Style style;
  private final LineEdits edits;

  private Editor(WgQuickFile before) {
    this.before = before;
    this.lines = before.lines();
    this.said = new Settings(lines);
    this.style = Style.of(lines, before.blocks());
    this.edits = new LineEdits(lines, style.end());
  }

  /**
   * The document with an edit made; the same one if it says so already.
   *
   * @throws RefusedEdit if it cannot be made, or would not be read back as given
   */
  static WgQuickFile apply(WgQuickFile before, FileEdit edit) {
    if (!before.isEditable()) {
      throw new RefusedEdit(FindingCode.NOT_EDITABLE.at(before.fileName(), 0, ""));
    }
    Editor editor = new Editor(before);
    return switch (edit) {
      case FileEdit.Set set -> editor.set(set);
      case FileEdit.Add add -> editor.add(add);
      case FileEdit.Remove remove -> editor.remove(remove);
      case FileEdit.Replace replace -> editor.replace(replace);
      case FileEdit.SetOwn own -> editor.own(own.place(), own.key(), own.values());
      case FileEdit.Rename rename -> editor.rename(rename);
      case FileEdit.AddPeer add -> editor.addPeer(add.peer());
      case FileEdit.RemovePeer remove -> editor.removePeer(remove.peer());
      case FileEdit.ReplaceKey replace -> editor.replaceKey(replace);
      case FileEdit.Disable disable -> editor.disable(disable.peer());
      case FileEdit.Enable enable -> editor.enable(enable.peer());
    };
  }

  // ---- settings

  private WgQuickFile set(FileEdit.Set set) {
    Key key = set.key();
    List<String> wanted = set.values().stream().map(value -> latin1(key, value)).toList();
    List<Object> meanings = wanted.stream().map(value -> meaning(key, value)).toList();
    List<Block> blocks = blocks(set.place(), key);
    if (key.isList()) {
      return list(set.place(), key, wanted, meanings);
    }
    List<Item> items = said.items(blocks, key);
    Optional<Object> now =
        items.isEmpty() ? Optional.empty() : Optional.of(items.getLast().meaning());
    if (now.equals(meanings.stream().findFirst())) {
      return before;
    }
    if (wanted.isEmpty()) {
      items.forEach(item -> edits.remove(item.line()));
    } else if (items.isEmpty()) {
      insert(blocks, key, wanted.getFirst());
    } else {
      splice(items.getLast(), wanted.getFirst());
    }
    return checked(set.place(), key, meanings);
  }

  private WgQuickFile add(FileEdit.Add add) {
    Key key = add.key();
    String value = latin1(key, add.value());
    Object meaning = meaning(key, value);
    List<String> texts = new ArrayList<>();
    List<Object> meanings = new ArrayList<>();
    for (Item item : said.items(blocks(add.place(), key), key)) {
      texts.add(item.text());
      meanings.add(item.meaning());
    }
    if (meanings.contains(meaning)) {
      return before;
    }
    texts.add(value);
    meanings.add(meaning);
    return list(add.place(), key, texts, meanings);
  }

  private WgQuickFile remove(FileEdit.Remove remove) {
    Key key = remove.key();
    Object meaning = meaning(key, latin1(key, remove.value()));
    List<Item> rest = new ArrayList<>(said.items(blocks(remove.place(), key), key));
    if (!rest.removeIf(item -> item.meaning().equals(meaning))) {
      return before;
    }
    return list(
        remove.place(),
        key,
        rest.stream().map(Item::text).toList(),
        rest.stream().map(Item::meaning).toList());
  }

  private WgQuickFile replace(FileEdit.Replace replace) {
    Key key = replace.key();
    String value = latin1(key, replace.value());
    String by = latin1(key, replace.by());
    Object meaning = meaning(key, by);
    List<Item> items = said.items(blocks(replace.place(), key), key);
    Optional<Item> found = items.stream().filter(item -> item.isWritten(value)).findFirst();
    if (found.isEmpty()) {
      Object old = meaning(key, value);
      found = items.stream().filter(item -> item.meaning().equals(old)).findFirst();
    }
    Item item =
        found.orElseThrow(
            () -> refused(FindingCode.NOT_IN_LIST, shown(key, replace.value()), key.text));
    if (item.text().equals(by)) {
      return before;
    }
    splice(item, by);
    return checked(
        replace.place(),
        key,
        items.stream().map(each -> each.equals(item) ? meaning : each.meaning()).toList());
  }

  /** Makes a list what is wanted: takes out what is too much, adds the rest at the end. */
  private WgQuickFile list(Place place, Key key, List<String> wanted, List<Object> meanings) {
    List<Block> blocks = blocks(place, key);
    List<Item> items = said.items(blocks, key);
    if (items.stream().map(Item::meaning).toList().equals(meanings)) {
      return before;
    }
    Map<Integer, List<String>> kept = new HashMap<>();
    Map<Integer, Integer> count = new HashMap<>();
    int next = 0;
    for (Item item : items) {
      List<String> onLine = kept.computeIfAbsent(item.line(), line -> new ArrayList<>());
      count.merge(item.line(), 1, Integer::sum);
      if (next < meanings.size() && item.meaning().equals(meanings.get(next))) {
        onLine.add(item.text());
        next++;
      }
    }
    List<String> added = wanted.subList(next, wanted.size());
    int last = items.isEmpty() ? -1 : items.getLast().line();
    kept.forEach(
        (line, texts) -> {
          if (texts.isEmpty()) {
            edits.remove(line);
          } else if (texts.size() < count.getOrDefault(line, 0)) {
            write(line, key, texts);
          }
        });
    if (!added.isEmpty()) {
      append(blocks, key, last, kept.getOrDefault(last, List.of()), added);
    }
    return checked(place, key, meanings);
  }

  /** Adds items behind those that are kept on the last line of a list. */
  private void append(
      List<Block> blocks, Key key, int last, List<String> kept, List<String> added) {
    boolean onePerLine = key.isHook() || style.spelling().onePerLine().contains(key);
    if (last < 0) {
      if (onePerLine) {
        insertAll(blocks, key, added);
      } else {
        insert(blocks, key, String.join(style.spelling().separator(), added));
      }
    } else if (!onePerLine || kept.size() > 1) {
      List<String> all = new ArrayList<>(kept);
      all.addAll(added);
      write(last, key, all);
    } else {
      List<String> below = new ArrayList<>(added);
      if (kept.isEmpty()) {
        write(last, key, List.of(below.removeFirst()));
      }
      Line line = lines.get(last);
      String start = line.text().substring(0, ValuePlace.of(line, key.isHook()).start());
      below.forEach(value -> edits.addBelow(last, start + value));
    }
  }

  private void write(int line, Key key, List<String> texts) {
    Line whole = lines.get(line);
    String separator =
        ValuePlace.separator(ValuePlace.value(whole, key.isHook()), style.spelling().separator());
    edits.replace(line, ValuePlace.withValue(whole, key.isHook(), String.join(separator, texts)));
  }

  private void splice(Item item, String value) {
    String text = lines.get(item.line()).text();
    edits.replace(
        item.line(), text.substring(0, item.start()) + value + text.substring(item.end()));
  }

  private void insert(List<Block> blocks, Key key, String value) {
    insertAll(blocks, key, List.of(value));
  }

  private void insertAll(List<Block> blocks, Key key, List<String> values) {
    if (blocks.isEmpty()) {
      // Only the interface's section is made; a peer without one was refused before.
      edits.addTop("[Interface]");
      values.forEach(value -> edits.addTop(style.spelling().of(key) + " = " + value));
      if (!lines.isEmpty()) {
        edits.addTop("");
      }
      return;
    }
    Block block = blocks.getLast();
    Style here = style.in(lines, block);
    int below = block.lastSetting(lines);
    values.forEach(value -> edits.addBelow(below, here.setting(key, value)));
  }

  // ---- what only comments say

  private <T> WgQuickFile own(Place place, OwnKey<T> key, List<String> values) {
    OwnValues wanted = OwnValues.NONE;
    for (String value : values) {
      checkControls(value, value);
      try {
        wanted = wanted.with(key, key.parse(value));
      } catch (IllegalArgumentException e) {
        throw refused(
            FindingCode.METADATA_VALUE,
            Shown.of(PeerName.latin1(value)),
            key,
            String.valueOf(e.getMessage()),
            key.form());
      }
    }
    List<Block> blocks = blocks(place);
    Optional<T> value = wanted.get(key);
    List<Integer> there = said.ownLines(blocks, key);
    if (value.isPresent() ? said.own(blocks, key).equals(value) : there.isEmpty()) {
      return before;
    }
    List<Integer> used = key.isList() || there.isEmpty() ? there : List.of(there.getLast());
    for (int i = 0; i < used.size() && i < values.size(); i++) {
      int line = used.get(i);
      String text = lines.get(line).text();
      int sign = text.indexOf('=', text.indexOf('#'));
      ValuePlace at = ValuePlace.of(lines.get(line), true);
      edits.replace(
          line,
          sign < 0
              ? Style.indent(text)
                  + new OwnLine(key.name(), PeerName.latin1(values.get(i))).comment()
              : text.substring(0, at.start())
                  + PeerName.latin1(values.get(i))
                  + text.substring(at.end()));
    }
    (values.isEmpty() ? there : used).stream().skip(values.size()).forEach(edits::remove);
    List<String> more = values.subList(Math.min(used.size(), values.size()), values.size());
    insertOwn(blocks, key, used.isEmpty() ? -1 : used.getLast(), more);
    WgQuickFile after = parsed();
    if (!new Settings(after.lines()).own(blocks(after, place), key).equals(value)) {
      throw refused(FindingCode.NOT_READ_BACK, "", key);
    }
    return after;
  }

  private void insertOwn(List<Block> blocks, OwnKey<?> key, int below, List<String> values) {
    List<String> comments =
        values.stream()
            .map(value -> new OwnLine(key.name(), PeerName.latin1(value)).comment())
            .toList();
    if (comments.isEmpty()) {
      return;
    }
    if (blocks.isEmpty()) {
      edits.addTop("[Interface]");
      comments.forEach(edits::addTop);
      if (!lines.isEmpty()) {
        edits.addTop("");
      }
      return;
    }
    Block block = blocks.getLast();
    int at = below >= 0 ? below : lastComment(block);
    String indent = style.in(lines, block).keyIndent();
    comments.forEach(comment -> edits.addBelow(at, indent + comment));
  }

  /** Our last line in a section, else the last of the comments right below its header. */
  private int lastComment(Block block) {
    int at = block.header();
    while (at < block.last() && lines.get(at + 1).isComment()) {
      at++;
    }
    for (int i = at + 1; i <= block.last(); i++) {
      at = OwnLine.isOne(lines.get(i)) ? i : at;
    }
    return at;
  }

  private WgQuickFile rename(FileEdit.Rename rename) {
    rename.name().ifPresent(name -> checkControls(name, name));
    if (!rename.name().map(PeerName::isWritable).orElse(true)) {
      throw refused(FindingCode.NAME, Shown.of(PeerName.latin1(rename.name().orElse(""))));
    }
    Place place = FileEdit.peer(rename.peer());
    List<Block> blocks = blocks(place);
    if (name(lines, blocks).equals(rename.name())) {
      return before;
    }
    if (rename.name().isPresent()) {
      writeName(blocks, rename.name().get());
    } else {
      for (Block block : blocks) {
        for (int i = block.first(); i <= block.last(); i++) {
          if (PeerName.isWritten(lines.get(i))) {
            edits.remove(i);
          }
        }
      }
    }
    WgQuickFile after = parsed();
    List<Block> now = blocks(after, place);
    if (!name(after.lines(), now).equals(rename.name())) {
      Optional<PeerName> stays =
          now.reversed().stream()
              .flatMap(block -> PeerName.find(after.lines(), block).stream())
              .findFirst();
      throw stays.isPresent() && rename.name().isEmpty()
          ? refused(
              FindingCode.NAME_STAYS,
              Shown.of(PeerName.latin1(stays.get().text())),
              stays.get().line() + 1)
          : refused(FindingCode.NOT_READ_BACK, "", "the name");
    }
    return after;
  }

  private void writeName(List<Block> blocks, String name) {
    // The last section that gives a name counts.
    for (Block block : blocks.reversed()) {
      Optional<PeerName> there = PeerName.find(lines, block);
      if (there.isPresent()) {
        PeerName at = there.get();
        if (at.start() < 0) {
          insertName(block, name);
        } else {
          String text = lines.get(at.line()).text();
          int end = text.length();
          while (end > at.start() && Blanks.isBlank(text.charAt(end - 1))) {
            end--;
          }
          edits.replace(
              at.line(),
              text.substring(0, at.start()) + PeerName.latin1(name) + text.substring(end));
        }
        return;
      }
    }
    insertName(blocks.getLast(), name);
  }

  private void insertName(Block block, String name) {
    String indent = style.in(lines, block).keyIndent();
    edits.addBelow(block.header(), indent + PeerName.comment(name));
  }

  private static Optional<String> name(List<Line> lines, List<Block> blocks) {
    return blocks.reversed().stream()
        .flatMap(block -> PeerName.of(lines, block).stream())
        .findFirst();
  }

  // ---- peers

  private WgQuickFile addPeer(PeerConfig peer) {
    refuseIfThere(peer.publicKey(), before.sections(peer.publicKey()));
    String text =
        Style.append(
            before.fileName(),
            new String(before.bytes(), StandardCharsets.ISO_8859_1),
            List.of(peer));
    WgQuickFile after = before.withText(text);
    checkErrors(after);
    return after;
  }

  private WgQuickFile removePeer(PublicKey key) {
    if (before.sections(key).isEmpty()) {
      throw noSuchPeer(key);
    }
    return before.withoutPeer(key);
  }

  private WgQuickFile replaceKey(FileEdit.ReplaceKey replace) {
    List<Block> blocks = blocks(FileEdit.peer(replace.peer()));
    if (replace.by().equals(replace.peer())) {
      return before;
    }
    refuseIfThere(replace.by(), before.sections(replace.by()));
    for (Item item : said.items(blocks, Key.PUBLIC_KEY)) {
      if (item.meaning().equals(replace.peer())) {
        splice(item, replace.by().toString());
      }
    }
    WgQuickFile after = parsed();
    if (after.sections(replace.by()).size() != blocks.size()) {
      throw refused(FindingCode.NOT_READ_BACK, replace.by().toString(), Key.PUBLIC_KEY.text);
    }
    return after;
  }

  private WgQuickFile disable(PublicKey key) {
    List<Block> blocks = before.enabled(key);
    if (blocks.isEmpty()) {
      if (before.disabled(key).isEmpty()) {
        throw noSuchPeer(key);
      }
      return before;
    }
    for (Block block : blocks) {
      for (int i = block.first(); i <= block.last(); i++) {
        edits.replaceWhole(i, DisabledLines.MARK + lines.get(i).raw());
      }
    }
    WgQuickFile after = parsed();
    boolean back =
        after.enabled(key).isEmpty()
            && Arrays.equals(
                new Editor(after)
                    .withoutMarks(after.disabled(key))
                    .getBytes(StandardCharsets.ISO_8859_1),
                before.bytes());
    if (!back) {
      throw new RefusedEdit(
          FindingCode.NOT_REVERSIBLE.at(
              before.fileName(), blocks.getFirst().header() + 1, key.toString()));
    }
    return after;
  }

  private WgQuickFile enable(PublicKey key) {
    List<Block> blocks = before.disabled(key);
    List<Block> enabled = before.enabled(key);
    if (blocks.isEmpty()) {
      if (enabled.isEmpty()) {
        throw noSuchPeer(key);
      }
      return before;
    }
    refuseIfThere(key, enabled);
    WgQuickFile after = before.withText(withoutMarks(blocks));
    checkErrors(after);
    if (after.enabled(key).size() != blocks.size()
        || after.blocks().size() != before.blocks().size()) {
      throw refused(FindingCode.NOT_READ_BACK, key.toString(), "the section");
    }
    return after;
  }

  private String withoutMarks(List<Block> blocks) {
    for (Block block : blocks) {
      for (int i = block.first(); i <= block.last(); i++) {
        edits.replaceWhole(i, lines.get(i).text());
      }
    }
    return edits.result();
  }

  // ---- what is asked again and again

  /** The sections that a key is read from. */
  private List<Block> blocks(Place place, Key key) {
    List<Block> _ = blocks(place);
    return blocks(before, place, key);
  }

  private static List<Block> blocks(WgQuickFile file, Place place, Key key) {
    List<Block> all = blocks(file, place);
    // A later section of the same peer takes back the allowed IPs of an earlier one.
    return key == Key.ALLOWED_IPS && !all.isEmpty() ? List.of(all.getLast()) : all;
  }

  private List<Block> blocks(Place place) {
    List<Block> blocks = blocks(before, place);
    if (blocks.isEmpty() && place instanceof Place.Peer(PublicKey key)) {
      throw noSuchPeer(key);
    }
    return blocks;
  }

  private static List<Block> blocks(WgQuickFile file, Place place) {
    return switch (place) {
      case Place.Interface() -> file.interfaces();
      case Place.Peer(PublicKey key) -> file.sections(key);
    };
  }

  /** Reads the edited text; nothing but the edited lines may have come, gone or gone bad. */
  private WgQuickFile parsed() {
    WgQuickFile after = before.withText(edits.result());
    int made = before.interfaces().isEmpty() ? after.interfaces().size() : 0;
    if (after.lines().size() != edits.count()
        || after.blocks().size() != before.blocks().size() + made) {
      throw refused(FindingCode.NOT_READ_BACK, "", "the value");
    }
    checkErrors(after);
    return after;
  }

  private WgQuickFile checked(Place place, Key key, List<Object> wanted) {
    WgQuickFile after = parsed();
    List<Item> items = new Settings(after.lines()).items(blocks(after, place, key), key);
    List<Object> now = items.stream().map(Item::meaning).toList();
    // Of a key that is no list, an earlier line may stand above the one that counts.
    List<Object> counting = key.isList() || now.isEmpty() ? now : List.of(now.getLast());
    if (!counting.equals(wanted)) {
      throw refused(FindingCode.NOT_READ_BACK, "", key.text);
    }
    return after;
  }

  private void checkErrors(WgQuickFile after) {
    List<String> known = new ArrayList<>();
    errors(before).forEach(error -> known.add(error.code() + " " + error.value()));
    for (Finding error : errors(after)) {
      if (!known.remove(error.code() + " " + error.value())) {
        throw new RefusedEdit(error);
      }
    }
  }

  private static List<Finding> errors(WgQuickFile file) {
    return file.findings().stream().filter(f -> f.severity() == Severity.ERROR).toList();
  }

  private String latin1(Key key, String value) {
    checkControls(value, shown(key, value));
    return PeerName.latin1(value);
  }

  private Object meaning(Key key, String value) {
    try {
      if (key.hasItems() && key != Key.ALLOWED_IPS && Values.words(value).size() > 1) {
        throw new BadValue(FindingCode.NOT_READ_BACK, key.text);
      }
      return said.meaning(key, value);
    } catch (BadValue bad) {
      throw refused(bad.code, key.isSecret() ? Shown.HIDDEN : Shown.of(value), bad.details);
    }
  }

  /** Nothing may be smuggled in as a line of its own. */
  private void checkControls(String value, String shown) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        throw refused(FindingCode.CONTROL_CHARACTER, Shown.of(PeerName.latin1(shown)));
      }
    }
  }

  private static String shown(Key key, String value) {
    return key.isSecret() ? Shown.HIDDEN : Shown.of(PeerName.latin1(value));
  }

  private void refuseIfThere(PublicKey key, List<Block> blocks) {
    if (!blocks.isEmpty()) {
      throw refused(FindingCode.PEER_EXISTS, key.toString(), blocks.getFirst().header() + 1);
    }
  }

  private RefusedEdit noSuchPeer(PublicKey key) {
    return refused(FindingCode.NO_SUCH_PEER, key.toString());
  }

  private RefusedEdit refused(FindingCode code, String value, Object... details) {
    return new RefusedEdit(code.at(before.fileName(), 0, value, details));
  }
}
