// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The kernel's switch that lets packets be forwarded which come in by an interface, or by any (see
 * ip-sysctl of the kernel's documentation), with what must be written back when it is switched off.
 *
 * <p>IPv6 has one switch for all interfaces that counts. With it on, an interface whose {@code
 * accept_ra} is 1 would lose the default routes that routers have announced, so that becomes 2.
 *
 * @param ipv6 family: IPv6 or IPv4
 * @param scope name of the interface, or {@link #ALL}
 * @param before settings that change with it and are not as switching it off would leave them
 */
public record ForwardingSwitch(boolean ipv6, String scope, List<Saved> before) {
  /** Every interface. */
  public static final String ALL = "all";

  private static final String FORWARDING = "forwarding";
  private static final String ACCEPT_RA = "accept_ra";
  private static final String ACCEPT_REDIRECTS = "accept_redirects";

  /** A setting of an interface as it was. */
  public record Saved(String scope, String setting, String value) {
    /** Whether it says that an interface's own switch was on. */
    public boolean isSwitchOf(InterfaceName name) {
      return setting.equals(FORWARDING) && scope.equals(name.value()) && value.equals("1");
    }
  }

  /** Copies the list. */
  public ForwardingSwitch {
    before = List.copyOf(before);
  }

  /** One of one interface, which changes nothing else. */
  public static ForwardingSwitch of(boolean ipv6, InterfaceName scope) {
    return new ForwardingSwitch(ipv6, scope.value(), List.of());
  }

  /**
   * That for all interfaces, and what it would change now.
   *
   * @param ours interfaces whose own switch is on for our sake
   */
  public static ForwardingSwitch ofAll(boolean ipv6, Set<String> ours) throws LinuxException {
    List<Saved> before = new ArrayList<>();
    for (String scope : scopes(ipv6)) {
      if (!ours.contains(scope)) {
        save(ipv6, scope, FORWARDING, "1", before);
        if (ipv6) {
          save(true, scope, ACCEPT_RA, "1", before);
        }
      }
    }
    if (!ipv6) {
      save(false, ALL, ACCEPT_REDIRECTS, "0", before);
    }
    return new ForwardingSwitch(ipv6, ALL, before);
  }

  /** Whether it is for every interface. */
  public boolean isForAll() {
    return scope.equals(ALL);
  }

  /** Whether the interface is there. */
  public boolean exists() {
    return sysctl(scope, FORWARDING).exists();
  }

  /**
   * Whether it is on.
   *
   * @throws LinuxException if there is no such interface
   */
  public boolean isOn() throws LinuxException {
    if (!exists()) {
      throw new LinuxException(
          Errno.ENODEV,
          "cannot forward packets by " + scope,
          "there is no such interface; correct its name, or wait until it is there");
    }
    return sysctl(scope, FORWARDING).read().equals("1");
  }

  /** Switches it on. */
  public void on() throws LinuxException {
    for (Saved saved : before) {
      if (saved.setting.equals(ACCEPT_RA) && sysctl(saved.scope, ACCEPT_RA).exists()) {
        sysctl(saved.scope, ACCEPT_RA).write("2");
      }
    }
    sysctl(scope, FORWARDING).write("1");
  }

  /**
   * Switches it off. Does nothing where the interface is gone, and nothing to a single one while
   * packets of all are forwarded.
   */
  public void off() throws LinuxException {
    Sysctl own = sysctl(scope, FORWARDING);
    if (!own.exists() || !isForAll() && sysctl(ALL, FORWARDING).read().equals("1")) {
      return;
    }
    own.write("0");
    for (Saved saved : before) {
      Sysctl sysctl = sysctl(saved.scope, saved.setting);
      if (sysctl.exists()) {
        sysctl.write(saved.value);
      }
    }
  }

  private static void save(boolean ipv6, String scope, String setting, String value, List<Saved> to)
      throws LinuxException {
    Sysctl sysctl = sysctl(ipv6, scope, setting);
    if (sysctl.exists() && sysctl.read().equals(value)) {
      to.add(new Saved(scope, setting, value));
    }
  }

  private static List<String> scopes(boolean ipv6) throws LinuxException {
    try (Stream<Path> all = Files.list(Path.of("/proc/sys", directory(ipv6)))) {
      TreeSet<String> names = new TreeSet<>();
      all.forEach(path -> names.add(path.getFileName().toString()));
      names.remove(ALL);
      return List.copyOf(names);
    } catch (IOException e) {
      throw new LinuxException(Errno.EIO, "cannot list the interfaces' settings", e.toString());
    }
  }

  private Sysctl sysctl(String of, String setting) {
    return sysctl(ipv6, of, setting);
  }

  private static Sysctl sysctl(boolean ipv6, String scope, String setting) {
    return new Sysctl(directory(ipv6) + "/" + scope + "/" + setting);
  }

  private static String directory(boolean ipv6) {
    return ipv6 ? "net/ipv6/conf" : "net/ipv4/conf";
  }
}
