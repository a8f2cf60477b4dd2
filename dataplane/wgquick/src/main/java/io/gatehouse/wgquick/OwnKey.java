// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of our own that a section can have, each on a comment line of its own: {@code #
 * gatehouse.NAME = VALUE}. This is the one place that knows them; a further one is one more
 * constant here, with its name, where it belongs, how it is read, and how it is written.
 *
 * @param <T> what a value is; equal values have equal meaning
 */
public final class OwnKey<T> {
  /** Which sections take a key. */
  public enum Section {
    /** {@code [Interface]}. */
    INTERFACE,
    /** {@code [Peer]}. */
    PEER
  }

  private static final int LONGEST_NOTE = 1000;
  private static final int LONGEST_TAG = 64;

  private static final String ACCESS_FORM =
      "Give a destination, a protocol and ports, such as 192.168.1.0/24 tcp 443, 10.0.0.1 udp 53"
          + " or fd00::/64";

  /** RFC 3339, section 5.6; unlike ISO 8601 it wants the seconds. */
  private static final DateTimeFormatter RFC_3339 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .appendPattern("HH:mm:ss")
          .optionalStart()
          .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .appendOffset("+HH:MM", "Z")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(java.time.format.ResolverStyle.STRICT)
          .withChronology(java.time.chrono.IsoChronology.INSTANCE);

  /** From when on a peer is treated as if it were disabled. */
  public static final OwnKey<Instant> EXPIRES =
      new OwnKey<>(
          "expires",
          Set.of(Section.PEER),
          "Give a time of RFC 3339, such as 2030-12-31T23:59:59Z",
          OwnKey::instant,
          DateTimeFormatter.ISO_INSTANT::format,
          (first, later) -> later,
          false);

  /** How much a peer may send and receive. */
  public static final OwnKey<Quota> QUOTA =
      new OwnKey<>(
          "quota",
          Set.of(Section.PEER),
          "Give an amount and a period, such as 50 GiB/month; periods are day, week, month and total",
          Quota::parse,
          Quota::toString,
          (first, later) -> later,
          false);

  /** Words to find and group by, parted by commas; several lines add up. */
  public static final OwnKey<List<String>> TAGS =
      new OwnKey<>(
          "tags",
          Set.of(Section.INTERFACE, Section.PEER),
          "Give words of 1 to 64 printable characters, parted by commas",
          OwnKey::tags,
          tags -> String.join(", ", tags),
          OwnKey::both,
          true);

  /** What a person has to say, on one line. */
  public static final OwnKey<String> NOTE =
      new OwnKey<>(
          "note",
          Set.of(Section.INTERFACE, Section.PEER),
          "Give one line of 1 to 1000 printable characters",
          OwnKey::note,
          Function.identity(),
          (first, later) -> later,
          false);

  /** Where the tunnel is for those who come from outside, for the files of new clients. */
  public static final OwnKey<OwnEndpoint> ENDPOINT =
      new OwnKey<>(
          "endpoint",
          Set.of(Section.INTERFACE),
          "Give a host name or address, and a port if it is not ListenPort, such as"
              + " vpn.example.org or [2001:db8::1]:443",
          OwnEndpoint::parse,
          OwnEndpoint::toString,
          (first, later) -> later,
          false);

  /** Between the tunnel and which interfaces packets are forwarded. */
  public static final OwnKey<Forwarding> FORWARDING =
      new OwnKey<>(
          "forwarding",
          Set.of(Section.INTERFACE),
          "Give on for all interfaces, or the names of those that packets come from and go to",
          Forwarding::parse,
          Forwarding::toString,
          Forwarding::and,
          true);

  /** Under whose address the peers' packets leave this machine; several lines add up. */
  public static final OwnKey<List<Masquerade>> MASQUERADE =
      list(
          "masquerade",
          Section.INTERFACE,
          "Give the interface by which packets leave, such as eth0, and a source to have it for"
              + " that alone, such as eth0 10.8.0.0/24",
          Masquerade::parse);

  /** What is sent on to peers; several lines add up. */
  public static final OwnKey<List<PortForward>> PORT_FORWARD =
      list(
          "port-forward",
          Section.INTERFACE,
          "Give a protocol, a port and where it goes, such as tcp 8080 -> 10.0.0.2:80",
          PortForward::parse);

  /** All that a peer may reach, if there is one; several lines add up. */
  public static final OwnKey<List<AccessRule>> ALLOW =
      list("allow", Section.PEER, OwnKey.ACCESS_FORM, AccessRule::parse);

  /** What a peer may not reach; several lines add up. */
  public static final OwnKey<List<AccessRule>> DENY =
      list("deny", Section.PEER, OwnKey.ACCESS_FORM, AccessRule::parse);

  private static final List<OwnKey<?>> ALL =
      List.of(
          EXPIRES, QUOTA, TAGS, NOTE, ENDPOINT, FORWARDING, MASQUERADE, PORT_FORWARD, ALLOW, DENY);

  private final String name;
  private final Set<Section> sections;
  private final String form;
  private final Function<String, T> reader;
  private final Function<T, String> writer;
  private final BinaryOperator<T> merger;
  private final boolean list;

  private OwnKey(
      String name,
      Set<Section> sections,
      String form,
      Function<String, T> reader,
      Function<T, String> writer,
      BinaryOperator<T> merger,
      boolean list) {
    this.name = name;
    this.sections = sections;
    this.form = form;
    this.reader = reader;
    this.writer = writer;
    this.merger = merger;
    this.list = list;
  }

  /** Items parted by commas. */
  private static <I> OwnKey<List<I>> list(
      String name, Section section, String form, Function<String, I> item) {
    return new OwnKey<>(
        name,
        Set.of(section),
        form,
        text -> items(text, item),
        items -> items.stream().map(Object::toString).collect(Collectors.joining(", ")),
        OwnKey::both,
        true);
  }

  /** Every key there is. */
  public static List<OwnKey<?>> all() {
    return ALL;
  }

  /**
   * The key of a name, without regard to case.
   *
   * @param name without {@code gatehouse.}
   */
  public static Optional<OwnKey<?>> of(String name) {
    return ALL.stream().filter(key -> key.name.equalsIgnoreCase(name)).findFirst();
  }

  /** The name without {@code gatehouse.}. */
  public String name() {
    return name;
  }

  /** Whether a section takes it. */
  public boolean belongsTo(Section section) {
    return sections.contains(section);
  }

  /** What a value looks like, as the remedy of a finding. */
  public String form() {
    return form;
  }

  /**
   * Reads a value.
   *
   * @param text one line without blanks at its ends
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public T parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it has no value");
    }
    return reader.apply(text);
  }

  /** Writes a value so that {@link #parse} gives it back. */
  public String format(T value) {
    return writer.apply(value);
  }

  /** Whether several lines add up; otherwise the last one counts. */
  public boolean isList() {
    return list;
  }

  T merge(T first, T later) {
    return merger.apply(first, later);
  }

  /** The known keys of a section as they are written, in words. */
  static String known(Section section) {
    return ALL.stream()
        .filter(key -> key.belongsTo(section))
        .map(OwnKey::toString)
        .collect(Collectors.joining(", "));
  }

  /** The whole name, such as {@code gatehouse.expires}. */
  @Override
  public String toString() {
    return OwnLine.PREFIX + name;
  }

  // ---- values

  private static Instant instant(String text) {
    try {
      return Instant.from(RFC_3339.parse(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time of RFC 3339", e);
    }
  }

  private static List<String> tags(String text) {
    return items(text, tag -> line(tag, LONGEST_TAG, "a tag"));
  }

  private static <I> List<I> items(String text, Function<String, I> reader) {
    Set<I> items = new LinkedHashSet<>();
    for (String item : text.split(",", -1)) {
      items.add(reader.apply(item.strip()));
    }
    return List.copyOf(items);
  }

  private static <I> List<I> both(List<I> first, List<I> later) {
    Set<I> items = new LinkedHashSet<>(first);
    items.addAll(later);
    return List.copyOf(items);
  }

  private static String note(String text) {
    return line(text, LONGEST_NOTE, "a note");
  }

  private static String line(String text, int longest, String what) {
    if (text.isEmpty() || text.length() > longest) {
      throw new IllegalArgumentException(what + " has 1 to " + longest + " characters");
    }
    if (!text.strip().equals(text) || !text.codePoints().allMatch(Shown::isPrintable)) {
      throw new IllegalArgumentException(
          what + " has printable characters only, and no blanks at its ends");
    }
    return text;
  }
}
