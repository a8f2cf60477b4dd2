// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a tunnel is for those who come from outside: what {@code # gatehouse.endpoint} says.
 *
 * @param host a name, an IPv4 literal, or an IPv6 literal without brackets
 * @param port 1 to 65535, or 0 for the tunnel's own
 */
public record OwnEndpoint(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?))(?::([0-9]{1,5}))?");

  /** Checks the port. */
  public OwnEndpoint {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1..65535");
    }
  }

  /**
   * Reads {@code host} or {@code host:port}, with brackets around IPv6.
   *
   * @throws IllegalArgumentException with a message fit for a finding
   */
  public static OwnEndpoint parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 253 || !form.matches()) {
      throw new IllegalArgumentException("not a host name or address, with or without a port");
    }
    int port = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
    if (form.group(3) != null && port == 0) {
      throw new IllegalArgumentException("port 0 is not in 1..65535");
    }
    if (form.group(1) != null) {
      IpLiteral.parse(form.group(1));
    }
    return new OwnEndpoint(form.group(1) == null ? form.group(2) : form.group(1), port);
  }

  /** With a port in any case. */
  public EndpointAddress at(int listenPort) {
    return new EndpointAddress(host, port == 0 ? listenPort : port);
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == 0 ? name : name + ":" + port;
  }
}
