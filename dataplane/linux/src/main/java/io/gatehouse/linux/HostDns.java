// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What manages the name servers of this host: resolvconf(8) of whatever make, or systemd-resolved.
 * Where there is neither, nobody but the administrator knows who owns {@code /etc/resolv.conf}.
 */
public sealed interface HostDns {
  /** Makes these the name servers for every name, in place of those set for the interface. */
  void set(InterfaceName name, NameServers servers) throws LinuxException;

  /** Takes the interface's name servers away; does nothing where it has none. */
  void unset(InterfaceName name) throws LinuxException;

  /** As after a failure, which may have come late. */
  private static void unsetAfter(HostDns dns, LinuxException failure, InterfaceName name) {
    try {
      dns.unset(name);
    } catch (LinuxException e) {
      failure.addSuppressed(e);
    }
  }

  /** What this host has now; resolvconf(8) before systemd-resolved, as wg-quick(8) uses it. */
  static Optional<HostDns> find() {
    boolean resolvedRuns = Files.isDirectory(Path.of("/run/systemd/resolve"));
    Optional<Path> resolvconf = HostProgram.find("resolvconf");
    // systemd has a resolvconf of its own, which is of use only while systemd-resolved runs.
    if (resolvconf.isPresent() && (resolvedRuns || !isResolvectl(resolvconf.get()))) {
      return Optional.of(new Resolvconf(resolvconf.get()));
    }
    return resolvedRuns ? HostProgram.find("resolvectl").map(Resolved::new) : Optional.empty();
  }

  private static boolean isResolvectl(Path program) {
    try {
      return program.toRealPath().endsWith("resolvectl");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * By resolvconf(8): openresolv, Debian's, or that of systemd.
   *
   * @param program its path
   */
  record Resolvconf(Path program) implements HostDns {
    private static final Path INTERFACE_ORDER = Path.of("/etc/resolvconf/interface-order");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9-]+)\\*");

    @Override
    public void set(InterfaceName name, NameServers servers) throws LinuxException {
      StringBuilder text = new StringBuilder();
      servers.servers().forEach(server -> text.append("nameserver ").append(server).append('\n'));
      if (!servers.searchDomains().isEmpty()) {
        text.append("search ").append(String.join(" ", servers.searchDomains())).append('\n');
      }
      String record = record(name);
      try {
        HostProgram.run(text.toString(), program, "-a", record, "-m", "0", "-x");
      } catch (LinuxException e) {
        unsetAfter(this, e, name);
        throw e;
      }
    }

    @Override
    public void unset(InterfaceName name) throws LinuxException {
      HostProgram.run("", program, "-d", record(name), "-f");
    }

    /** Debian's resolvconf ranks records by what their names begin with. */
    private static String record(InterfaceName name) throws LinuxException {
      if (!Files.isRegularFile(INTERFACE_ORDER)) {
        return name.value();
      }
      try {
        for (String line : Files.readAllLines(INTERFACE_ORDER)) {
          Matcher prefix = PREFIX.matcher(line.strip());
          if (prefix.matches()) {
            return prefix.group(1) + "." + name;
          }
        }
        return name.value();
      } catch (IOException e) {
        throw new LinuxException(Errno.EIO, "cannot read " + INTERFACE_ORDER, "");
      }
    }
  }

  /**
   * By systemd-resolved, which forgets an interface's name servers with the interface.
   *
   * @param program path of resolvectl(1)
   */
  record Resolved(Path program) implements HostDns {
    /** The routing domain of all names. */
    private static final String EVERY_NAME = "~.";

    @Override
    public void set(InterfaceName name, NameServers servers) throws LinuxException {
      List<String> dns = new ArrayList<>(List.of("dns", name.value()));
      dns.addAll(servers.servers());
      HostProgram.run("", program, dns.toArray(String[]::new));
      List<String> domain = new ArrayList<>(List.of("domain", name.value(), EVERY_NAME));
      domain.addAll(servers.searchDomains());
      try {
        HostProgram.run("", program, domain.toArray(String[]::new));
      } catch (LinuxException e) {
        unsetAfter(this, e, name);
        throw e;
      }
    }

    @Override
    public void unset(InterfaceName name) throws LinuxException {
      if (Files.exists(Path.of("/sys/class/net", name.value()))) {
        HostProgram.run("", program, "revert", name.value());
      }
    }
  }
}
