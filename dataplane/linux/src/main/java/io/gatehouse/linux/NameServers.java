// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import io.gatehouse.wgquick.IpLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who answers for names while a tunnel is up ({@code DNS} of wg-quick(8)).
 *
 * @param servers addresses, those of IPv6 perhaps with a zone, the first asked first
 * @param searchDomains appended to short names, in order
 */
public record NameServers(List<String> servers, List<String> searchDomains) {
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern ZONE = Pattern.compile("%[A-Za-z0-9_=+.-]{1,15}$");

  /** No leading dash: a program that is given the domain would read an option. */
  private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_~.][A-Za-z0-9_.-]{0,252}");

  /** Copies the lists. */
  public NameServers {
    servers = List.copyOf(servers);
    searchDomains = List.copyOf(searchDomains);
  }

  /**
   * Sorts the words of {@code DNS} as wg-quick(8) does: what consists of digits and dots or has a
   * colon is a server, all else a search domain.
   *
   * @throws IllegalArgumentException for a word that is neither an address nor a domain
   */
  public static NameServers of(List<String> words) {
    List<String> servers = new ArrayList<>();
    List<String> domains = new ArrayList<>();
    for (String word : words) {
      if (word.indexOf(':') >= 0 || DIGITS_AND_DOTS.matcher(word).matches()) {
        var _ = IpLiteral.parse(ZONE.matcher(word).replaceFirst(""));
        servers.add(word);
      } else if (DOMAIN.matcher(word).matches()) {
        domains.add(word);
      } else {
        throw new IllegalArgumentException("DNS: \"" + word + "\" is no address and no domain");
      }
    }
    return new NameServers(servers, domains);
  }

  /** Whether there is nothing to set; search domains alone are nothing, as for wg-quick(8). */
  public boolean isEmpty() {
    return servers.isEmpty();
  }
}
