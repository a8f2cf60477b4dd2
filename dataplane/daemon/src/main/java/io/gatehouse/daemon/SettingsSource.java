// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.settings.KnownSettings;
import io.gatehouse.control.settings.Setting;
import io.gatehouse.control.settings.SettingsException;
import io.gatehouse.control.settings.SettingsSources;
import io.gatehouse.daemon.Settings.AeadEngine;
import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.FirstStart;
import io.gatehouse.wgquick.IpLiteral;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.logging.Level;

/** Reads {@link Settings} by MicroProfile Config from {@link SettingsSources}. */
public final class SettingsSource {
  /** Property that names the properties file. */
  public static final String FILE = SettingsSources.FILE;

  private final SmallRyeConfig config;
  private final SettingsSources sources;

  private SettingsSource(SmallRyeConfig config, SettingsSources sources) {
    this.config = config;
    this.sources = sources;
  }

  /**
   * Opens the sources.
   *
   * @param flags of the command line, by property name
   * @throws SettingsException if a source cannot be read, or knows a setting that is none
   */
  public static SettingsSource open(Map<String, String> flags) throws SettingsException {
    return open(SettingsSources.read(flags));
  }

  /**
   * The command line and the settings file it names alone, whatever the environment says.
   *
   * @param flags of the command line, by property name
   * @throws SettingsException as for {@link #open(Map)}
   */
  static SettingsSource alone(Map<String, String> flags) throws SettingsException {
    return open(flags, Map.of(), Map.of());
  }

  static SettingsSource open(
      Map<String, String> flags, Map<String, String> system, Map<String, String> environment)
      throws SettingsException {
    return open(SettingsSources.read(flags, system, environment));
  }

  private static SettingsSource open(SettingsSources sources) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
    for (SettingsSources.Layer layer : sources.layers()) {
      Map<String, String> values = new HashMap<>();
      layer.values().forEach((name, given) -> values.put(name, given.value()));
      builder.withSources(new PropertiesConfigSource(values, layer.name(), layer.ordinal()));
    }
    KnownSettings.ALL.forEach(
        setting -> builder.withDefaultValue(setting.name(), setting.standard()));
    return new SettingsSource(builder.build(), sources);
  }

  /**
   * The settings, checked.
   *
   * @throws SettingsException for the first bad value
   */
  public Settings settings() throws SettingsException {
    sources.check(Setting.Part.DATA_PLANE);
    return new Settings(
        path("gatehouse.tunnels.directory"),
        path("gatehouse.state.directory"),
        path("gatehouse.control.socket"),
        value("gatehouse.control.group", Function.identity()),
        truth("gatehouse.control.export"),
        truth("gatehouse.hooks"),
        value("gatehouse.hooks.timeout", text -> Duration.ofSeconds(Integer.parseInt(text))),
        value("gatehouse.history.size", text -> Long.parseLong(text) << 20),
        value("gatehouse.tunnels.first", text -> word(FirstStart.class, text)),
        path("gatehouse.uapi.directory"),
        value("gatehouse.snmp.address", SettingsSource::socketAddress),
        value("gatehouse.snmp.root", SnmpOptions::checkRoot),
        value(
            "gatehouse.snmp.users",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(absolute(text))),
        value("gatehouse.snmp.targets", SnmpOptions::targets),
        value("gatehouse.snmp.v2c.sources", SnmpOptions::sources),
        truth("gatehouse.events.log"),
        value(
            "gatehouse.events.syslog",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(socketAddress(text))),
        value(
            "gatehouse.metrics.address",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(loopback(text))),
        value("gatehouse.queues", SettingsSource::count),
        value("gatehouse.workers", SettingsSource::count),
        value("gatehouse.aead.engine", text -> word(AeadEngine.class, text)),
        truth("gatehouse.offload.tun.tso"),
        truth("gatehouse.offload.tun.uso"),
        truth("gatehouse.offload.udp.gso"),
        truth("gatehouse.offload.udp.gro"),
        truth("gatehouse.rehearsal"),
        value("gatehouse.log.level", text -> Level.parse(text.toUpperCase(Locale.ROOT))));
  }

  /** The settings file; need not be there. */
  public Path file() {
    return sources.file();
  }

  private Path path(String name) throws SettingsException {
    return value(name, SettingsSource::absolute);
  }

  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("not absolute");
    }
    return path.normalize();
  }

  private boolean truth(String name) throws SettingsException {
    return value(name, Boolean::parseBoolean);
  }

  private <T> T value(String name, Function<String, T> parse) throws SettingsException {
    Setting setting = KnownSettings.get(name);
    String text = config.getConfigValue(name).getValue();
    String used = text == null || text.isBlank() ? setting.standard() : text;
    try {
      return parse.apply(used);
    } catch (IllegalArgumentException e) {
      throw SettingsSources.unusable(setting, sources.find(setting));
    }
  }

  /** A number, or {@code auto} for none given. */
  private static OptionalInt count(String text) {
    return text.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
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
