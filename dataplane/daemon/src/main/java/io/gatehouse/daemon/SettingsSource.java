// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.Settings.AeadEngine;
import io.gatehouse.daemon.datapath.Workers;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.FirstStart;
import io.gatehouse.wgquick.IpLiteral;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.logging.Level;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * Reads {@link Settings} by MicroProfile Config. Strongest first: flags, system properties,
 * environment, the properties file, defaults.
 */
public final class SettingsSource {
  /** Property that names the properties file. */
  public static final String FILE = "gatehouse.config";

  private static final String DEFAULT_FILE = "/etc/gatehouse/gatehouse.properties";
  private static final Map<String, String> DEFAULTS = defaults();

  /** Each has two threads and some 1 MiB of buffers. */
  private static final int MAX_QUEUES = 64;

  private static final int MAX_HISTORY_MIB = 1 << 20;

  private final SmallRyeConfig config;
  private final Path file;
  private final List<String> warnings = new ArrayList<>();

  private SettingsSource(SmallRyeConfig config, Path file) {
    this.config = config;
    this.file = file;
  }

  /** Every property with its default, sorted by name; {@link #FILE} is not among them. */
  static Map<String, String> defaults() {
    Map<String, String> defaults = new TreeMap<>();
    defaults.put("gatehouse.tunnels.directory", "/etc/gatehouse/tunnels");
    defaults.put("gatehouse.tunnels.first", "apply");
    defaults.put("gatehouse.state.directory", "/var/lib/gatehouse");
    defaults.put("gatehouse.control.socket", "/run/gatehouse/control.sock");
    defaults.put("gatehouse.control.group", "");
    defaults.put("gatehouse.control.export", "false");
    defaults.put("gatehouse.hooks", "false");
    defaults.put("gatehouse.hooks.timeout", "30");
    defaults.put("gatehouse.history.size", "64");
    defaults.put("gatehouse.uapi.directory", "/var/run/wireguard");
    defaults.put("gatehouse.snmp.address", "127.0.0.1:1161");
    defaults.put("gatehouse.snmp.root", SnmpOptions.DEFAULT_ROOT);
    defaults.put("gatehouse.snmp.users", "");
    defaults.put("gatehouse.snmp.targets", "");
    defaults.put("gatehouse.snmp.v2c.sources", "");
    defaults.put("gatehouse.events.log", "false");
    defaults.put("gatehouse.events.syslog", "");
    defaults.put("gatehouse.metrics.address", "");
    defaults.put("gatehouse.queues", "auto");
    defaults.put("gatehouse.workers", "auto");
    defaults.put("gatehouse.aead.engine", "auto");
    defaults.put("gatehouse.offload.tun.tso", "true");
    defaults.put("gatehouse.offload.tun.uso", "true");
    defaults.put("gatehouse.offload.udp.gso", "true");
    defaults.put("gatehouse.offload.udp.gro", "true");
    defaults.put("gatehouse.log.level", "INFO");
    return defaults;
  }

  /**
   * Opens the sources.
   *
   * @param flags of the command line, by property name
   * @throws SettingsException if the properties file cannot be read
   */
  public static SettingsSource open(Map<String, String> flags) throws SettingsException {
    return open(flags, systemProperties(), System.getenv());
  }

  static SettingsSource open(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws SettingsException {
    SmallRyeConfig outer = builder(flags, system, environment).build();
    ConfigValue named = outer.getConfigValue(FILE);
    boolean given = named.getValue() != null;
    Path file = Path.of(given ? named.getValue() : DEFAULT_FILE);
    Map<String, String> lines = new HashMap<>();
    if (given || Files.exists(file)) {
      lines.putAll(read(file));
    }
    SettingsSource source =
        new SettingsSource(
            builder(flags, system, environment)
                .withSources(new PropertiesConfigSource(lines, file.toString(), 200))
                .build(),
            file);
    source.warnOfUnknown(lines, file.toString());
    source.warnOfUnknown(system, "system properties");
    return source;
  }

  /**
   * The settings, checked.
   *
   * @throws SettingsException for the first bad value
   */
  public Settings settings() throws SettingsException {
    return new Settings(
        path("gatehouse.tunnels.directory"),
        path("gatehouse.state.directory"),
        path("gatehouse.control.socket"),
        value("gatehouse.control.group", Function.identity(), "give the name of a group"),
        truth("gatehouse.control.export"),
        truth("gatehouse.hooks"),
        value("gatehouse.hooks.timeout", SettingsSource::seconds, "give whole seconds, 1 to 3600"),
        value(
            "gatehouse.history.size",
            SettingsSource::mebibytes,
            "give whole MiB, 1 to " + MAX_HISTORY_MIB),
        value(
            "gatehouse.tunnels.first",
            text -> word(FirstStart.class, text),
            "give apply or approve"),
        path("gatehouse.uapi.directory"),
        value(
            "gatehouse.snmp.address",
            SettingsSource::socketAddress,
            "give ADDRESS:PORT with a literal address, such as 127.0.0.1:1161 or [::1]:1161"),
        value(
            "gatehouse.snmp.root",
            SnmpOptions::checkRoot,
            "give numbers below 1.3.6.1.4.1, such as 1.3.6.1.4.1.99999.1"),
        value(
            "gatehouse.snmp.users",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(absolute(text)),
            "give the absolute path of a file, or nothing"),
        value(
            "gatehouse.snmp.targets",
            SnmpOptions::traps,
            "give USER@ADDRESS:PORT with literal addresses, and commas between"),
        value(
            "gatehouse.snmp.v2c.sources",
            SnmpOptions::sources,
            "give addresses or ADDRESS/LENGTH, and commas between"),
        truth("gatehouse.events.log"),
        value(
            "gatehouse.events.syslog",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(socketAddress(text)),
            "give ADDRESS:PORT with a literal address, such as 127.0.0.1:514, or nothing"),
        value(
            "gatehouse.metrics.address",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(loopback(text)),
            "give ADDRESS:PORT with a loopback address, such as 127.0.0.1:9586, or nothing"),
        value(
            "gatehouse.queues",
            text -> count(text, 1, MAX_QUEUES),
            "give auto, or a number from 1 to " + MAX_QUEUES),
        value(
            "gatehouse.workers",
            text -> count(text, 0, Workers.MAX),
            "give auto, or a number from 0 to " + Workers.MAX),
        value(
            "gatehouse.aead.engine",
            text -> word(AeadEngine.class, text),
            "give auto, vector, libcrypto or bouncycastle"),
        truth("gatehouse.offload.tun.tso"),
        truth("gatehouse.offload.tun.uso"),
        truth("gatehouse.offload.udp.gso"),
        truth("gatehouse.offload.udp.gro"),
        value(
            "gatehouse.log.level",
            text -> Level.parse(text.toUpperCase(Locale.ROOT)),
            "give SEVERE, WARNING, INFO, FINE or FINER"));
  }

  /** The properties file; need not be there. */
  Path file() {
    return file;
  }

  /** One sentence for each {@code gatehouse.*} key that is none of ours. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private static SmallRyeConfigBuilder builder(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(flags, "command line", 500))
        .withSources(new PropertiesConfigSource(system, "system properties", 400))
        .withSources(new EnvConfigSource(environment, 300));
  }

  private static Map<String, String> systemProperties() {
    Properties properties = System.getProperties();
    Map<String, String> ours = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith("gatehouse.")) {
        ours.put(name, properties.getProperty(name));
      }
    }
    return ours;
  }

  private static Map<String, String> read(Path file) throws SettingsException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "cannot read the settings file "
              + file
              + ": "
              + e
              + ". Make it a readable properties file in UTF-8, or point "
              + FILE
              + " elsewhere.");
    }
    Map<String, String> lines = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> lines.put(name, properties.getProperty(name)));
    return lines;
  }

  private void warnOfUnknown(Map<String, String> lines, String source) {
    SortedSet<String> unknown = new TreeSet<>(lines.keySet());
    unknown.removeIf(
        name -> !name.startsWith("gatehouse.") || DEFAULTS.containsKey(name) || name.equals(FILE));
    for (String name : unknown) {
      warnings.add(
          "unknown setting "
              + name
              + " in "
              + source
              + " is ignored. etc/gatehouse.properties lists the known ones.");
    }
  }

  private Path path(String name) throws SettingsException {
    return value(name, SettingsSource::absolute, "give an absolute path");
  }

  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("not absolute");
    }
    return path.normalize();
  }

  private boolean truth(String name) throws SettingsException {
    return value(
        name,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither");
            },
        "give true or false");
  }

  private <T> T value(String name, Function<String, T> parse, String remedy)
      throws SettingsException {
    ConfigValue found = config.getConfigValue(name);
    String text = found.getValue();
    boolean given = text != null && !text.isBlank();
    String used = given ? text.strip() : DEFAULTS.getOrDefault(name, "");
    try {
      return parse.apply(used);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          name
              + " = \""
              + used
              + "\" ("
              + (given ? found.getSourceName() : "default")
              + ") cannot be used: "
              + remedy
              + ".");
    }
  }

  /** A number, or {@code auto} for none given. */
  private static OptionalInt count(String text, int least, int most) {
    if (text.equals("auto")) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(text);
    if (count < least || count > most) {
      throw new IllegalArgumentException("out of range");
    }
    return OptionalInt.of(count);
  }

  private static Duration seconds(String text) {
    int seconds = Integer.parseInt(text);
    if (seconds < 1 || seconds > 3600) {
      throw new IllegalArgumentException("out of range");
    }
    return Duration.ofSeconds(seconds);
  }

  private static long mebibytes(String text) {
    int mebibytes = Integer.parseInt(text);
    if (mebibytes < 1 || mebibytes > MAX_HISTORY_MIB) {
      throw new IllegalArgumentException("out of range");
    }
    return (long) mebibytes << 20;
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }

  private static InetSocketAddress loopback(String text) {
    InetSocketAddress address = socketAddress(text);
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("others could read it");
    }
    return address;
  }

  private static InetSocketAddress socketAddress(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon));
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (bracketed != (host.indexOf(':') >= 0)) {
      throw new IllegalArgumentException("brackets are for IPv6");
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port == 0) {
      throw new IllegalArgumentException("a station needs a fixed port");
    }
    return new InetSocketAddress(IpLiteral.parse(host), port);
  }
}
