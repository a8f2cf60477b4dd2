// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control.settings;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where settings come from. Strongest first: flags of a command, system properties, the
 * environment, credentials of systemd ({@code $CREDENTIALS_DIRECTORY/NAME}), {@code
 * conf.d/*.properties} beside the settings file, the last by name first, the settings file, and the
 * defaults. Anywhere {@code NAME.file} gives the path of a file with the value, so that a secret
 * need not stand among the rest; in the environment that is {@code NAME_FILE}.
 *
 * <p>Immutable; what was read is what is known. A name that nobody declared is refused, because it
 * is a slip, and what it was to change would silently stay as it is.
 */
public final class SettingsSources {
  /** Property that names the settings file. */
  public static final String FILE = "gatehouse.config";

  private static final String DEFAULT_FILE = "/etc/gatehouse/gatehouse.properties";
  private static final String PREFIX = "gatehouse.";
  private static final String FROM_FILE = ".file";
  private static final Map<String, Setting> BY_VARIABLE =
      KnownSettings.ALL.stream()
          .collect(Collectors.toUnmodifiableMap(Setting::variable, Function.identity()));

  /** Where the file is, and which Java the packaged programs run by. */
  private static final Set<String> NOT_SETTINGS = Set.of("GATEHOUSE_CONFIG", "GATEHOUSE_JAVA_HOME");

  /** What Kubernetes tells of a service that is called gatehouse or gatehouse-something. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "GATEHOUSE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)");

  private final List<Layer> layers;

  /**
   * What one source says.
   *
   * @param name of the source
   * @param ordinal its strength, as MicroProfile Config counts it
   * @param values by the name of the property
   */
  public record Layer(String name, int ordinal, Map<String, Given> values) {
    /** Keeps a copy. */
    public Layer {
      values = Map.copyOf(values);
    }
  }

  private final Path file;

  private SettingsSources(List<Layer> layers, Path file) {
    this.layers = List.copyOf(layers);
    this.file = file;
  }

  /**
   * Reads the sources of this process.
   *
   * @param flags of the command line, by property name
   * @throws SettingsException if a file cannot be read, or for the first name that is not known
   */
  public static SettingsSources read(Map<String, String> flags) throws SettingsException {
    Map<String, String> system = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      system.put(name, System.getProperty(name, ""));
    }
    return read(flags, system, System.getenv());
  }

  /**
   * Reads the sources.
   *
   * @param flags of the command line, by property name
   * @param system the system properties
   * @param environment the environment
   * @throws SettingsException if a file cannot be read, or for the first name that is not known
   */
  public static SettingsSources read(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws SettingsException {
    List<Layer> layers = new ArrayList<>();
    Map<String, Given> words = new HashMap<>();
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      put(words, flag.getKey(), flag.getValue(), "command line");
    }
    layers.add(new Layer("command line", 500, words));
    Map<String, Given> properties = new HashMap<>();
    for (Map.Entry<String, String> property : system.entrySet()) {
      put(properties, property.getKey(), property.getValue(), "system property");
    }
    layers.add(new Layer("system properties", 400, properties));
    layers.add(new Layer("environment", 300, environment(environment)));
    String credentials = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
    if (!credentials.isEmpty()) {
      layers.add(new Layer("credentials", 250, credentials(Path.of(credentials))));
    }
    Optional<Path> named = named(flags, system, environment);
    Path file = named.orElse(Path.of(DEFAULT_FILE));
    List<Path> fragments = fragments(file.resolveSibling("conf.d"));
    int ordinal = 201 + fragments.size();
    for (Path fragment : fragments.reversed()) {
      layers.add(layer(fragment, --ordinal));
    }
    if (named.isPresent() || Files.exists(file)) {
      layers.add(layer(file, 200));
    }
    return new SettingsSources(layers, file);
  }

  /** The settings file, whether or not there is one. */
  public Path file() {
    return file;
  }

  /** The sources, strongest first. */
  public List<Layer> layers() {
    return layers;
  }

  /** The value in force; where the strongest source has nothing but blanks, it is the default. */
  public Given find(Setting setting) {
    return layers.stream()
        .flatMap(layer -> Optional.ofNullable(layer.values().get(setting.name())).stream())
        .findFirst()
        .filter(given -> !given.value().isEmpty())
        .orElse(new Given(setting.standard(), Given.DEFAULT));
  }

  /**
   * Looks at the values for one process, as far as they can be judged without it.
   *
   * @throws SettingsException for the first that cannot be used
   */
  public void check(Setting.Part process) throws SettingsException {
    for (Setting setting : KnownSettings.ALL) {
      Given given = find(setting);
      if (process.reads(setting.process()) && !setting.values().admit(given.value())) {
        throw unusable(setting, given);
      }
    }
  }

  /** What to say of a value that cannot be used. */
  public static SettingsException unusable(Setting setting, Given given) {
    return new SettingsException(
        setting.name()
            + " = \""
            + given.value()
            + "\" ("
            + given.origin()
            + ") cannot be used: give "
            + setting.values().words()
            + ".");
  }

  private static Map<String, Given> environment(Map<String, String> environment)
      throws SettingsException {
    Map<String, Given> values = new HashMap<>();
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String variable = entry.getKey();
      if (!variable.startsWith("GATEHOUSE_") || NOT_SETTINGS.contains(variable)) {
        continue;
      }
      boolean fromFile = !BY_VARIABLE.containsKey(variable) && variable.endsWith("_FILE");
      Setting setting =
          BY_VARIABLE.get(
              fromFile ? variable.substring(0, variable.length() - "_FILE".length()) : variable);
      if (setting != null) {
        put(
            values,
            setting.name() + (fromFile ? FROM_FILE : ""),
            entry.getValue(),
            "environment variable " + variable);
      } else if (!SERVICE_LINK.matcher(variable).matches()) {
        throw unknown(variable, "environment", BY_VARIABLE.keySet().stream().toList());
      }
    }
    return values;
  }

  private static Map<String, Given> credentials(Path directory) throws SettingsException {
    Map<String, Given> values = new HashMap<>();
    for (Path file : list(directory, PREFIX + "*")) {
      put(values, file.getFileName().toString(), content(file, "credential"), file.toString());
    }
    return values;
  }

  private static Layer layer(Path file, int ordinal) throws SettingsException {
    Map<String, Given> values = new HashMap<>();
    for (SettingsFile.Line line : SettingsFile.read(file)) {
      put(values, line.name(), line.value(), file + ":" + line.number());
    }
    return new Layer(file.toString(), ordinal, values);
  }

  /** Takes what is ours; names of others may stand beside them. */
  private static void put(Map<String, Given> values, String name, String value, String origin)
      throws SettingsException {
    if (!name.startsWith(PREFIX) || name.equals(FILE)) {
      return;
    }
    if (KnownSettings.find(name).isPresent()) {
      putOnce(values, name, new Given(value.strip(), origin));
      return;
    }
    String plain =
        name.endsWith(FROM_FILE) ? name.substring(0, name.length() - FROM_FILE.length()) : "";
    if (KnownSettings.find(plain).isEmpty()) {
      throw unknown(name, origin, KnownSettings.ALL.stream().map(Setting::name).toList());
    }
    try {
      putOnce(
          values,
          plain,
          new Given(content(Path.of(value.strip()), origin), value.strip() + ", by " + origin));
    } catch (InvalidPathException e) {
      throw new SettingsException(
          name + " = \"" + value + "\" (" + origin + ") is no path: give that of a file.");
    }
  }

  /** Which of two was meant nobody knows. */
  private static void putOnce(Map<String, Given> values, String name, Given given)
      throws SettingsException {
    Given before = values.put(name, given);
    if (before != null) {
      throw new SettingsException(
          name
              + " is given twice ("
              + before.origin()
              + " and "
              + given.origin()
              + "): take one of the two away.");
    }
  }

  private static String content(Path file, String origin) throws SettingsException {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SettingsException(
          "the file "
              + file
              + " ("
              + origin
              + ") cannot be read: "
              + e
              + ". Make it readable for this user, or give the value itself.");
    }
  }

  private static Optional<Path> named(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws SettingsException {
    String text =
        flags.getOrDefault(
            FILE, system.getOrDefault(FILE, environment.getOrDefault("GATEHOUSE_CONFIG", "")));
    try {
      return text.isBlank()
          ? Optional.empty()
          : Optional.of(Path.of(text.strip()).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw new SettingsException(FILE + " = \"" + text + "\" is no path: give that of a file.");
    }
  }

  /**
   * The settings file and those of {@code conf.d} beside it that are there, for whoever wants to
   * notice changes.
   *
   * @param file need not be there
   */
  public static List<Path> files(Path file) {
    List<Path> files = new ArrayList<>(List.of(file));
    try {
      files.addAll(fragments(file.resolveSibling("conf.d")));
    } catch (SettingsException e) {
      // Whoever reads them hears of it; here there is only nothing to be seen in it.
    }
    return List.copyOf(files);
  }

  private static List<Path> fragments(Path directory) throws SettingsException {
    return Files.isDirectory(directory) ? list(directory, "*.properties") : List.of();
  }

  private static List<Path> list(Path directory, String glob) throws SettingsException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      entries.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw new SettingsException(
          "the directory "
              + directory
              + " cannot be read: "
              + e
              + ". Make it readable for this user, or take it away.");
    }
    files.sort(null);
    return files;
  }

  private static SettingsException unknown(String name, String origin, List<String> known) {
    String nearest = known.stream().min(Comparator.comparingInt(k -> distance(name, k))).orElse("");
    return new SettingsException(
        "unknown setting "
            + name
            + " ("
            + origin
            + "): "
            + (distance(name, nearest) <= 4 ? "did you mean " + nearest + "? " : "")
            + "Take it away or correct it; docs/settings.md and `gatehouse settings` list all.");
  }

  /** How many letters must be put in, taken out or exchanged (Levenshtein's distance). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
