// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import io.gatehouse.wgquick.Finding.Severity;
import java.util.Locale;

/**
 * Every finding about the text of a file. The code is the constant's name with dashes and never
 * changes once released; in the texts {@code %s} stands for details.
 */
public enum FindingCode {
  FILE_NAME(
      Severity.ERROR,
      "the file's name gives no interface name",
      "Name it NAME.conf, NAME being 1 to 15 of letters, digits and _=+.-"),
  TOO_LARGE(Severity.ERROR, "the file is larger than 32 MB", "Split it into several tunnels"),
  BYTE_ORDER_MARK(
      Severity.ERROR,
      "the file starts with a byte order mark, which wg does not read",
      "Save it as UTF-8 without BOM"),
  NO_INTERFACE(
      Severity.WARNING, "there is no [Interface] section", "Add [Interface] with a PrivateKey"),
  INTERFACE_TWICE(
      Severity.WARNING,
      "a second [Interface] section is merged into the first",
      "Write one [Interface] section"),
  UNKNOWN_SECTION(
      Severity.ERROR, "this is not a section", "The sections are [Interface] and [Peer]"),
  SECTION_BLANKS(
      Severity.ERROR,
      "%s is not read here, because wg-quick does not take blanks inside [Interface]",
      "Write the section as [Interface]"),
  OUTSIDE_SECTION(
      Severity.ERROR, "the line stands before any section", "Put [Interface] or [Peer] above it"),
  NOT_A_SETTING(Severity.ERROR, "the line is neither a section nor Key = value", "%s"),
  UNKNOWN_KEY(Severity.ERROR, "unknown key", "%s"),
  KEY_BLANKS(
      Severity.ERROR, "wg-quick does not take blanks inside its keys", "Write the key as %s"),
  WRONG_SECTION(Severity.ERROR, "%s does not belong into this section", "Put it into %s"),
  WG_QUICK_KEY(
      Severity.ERROR,
      "%s is read by wg-quick, not by wg",
      "Remove the line, or pass the file through strip first"),
  REPEATED(
      Severity.WARNING,
      "%s is given again in this section; the last one counts",
      "Keep one of the lines"),
  EMPTY(Severity.ERROR, "%s has no value", "Give it a value or remove the line"),
  NO_VALUE(Severity.WARNING, "%s has no value and does nothing", "Remove the line"),
  KEY_LENGTH(
      Severity.ERROR,
      "%s is not a key: a key is 44 characters of base64",
      "Copy the whole key, as wg genkey, wg pubkey or wg genpsk print it"),
  NO_PRIVATE_KEY(
      Severity.WARNING,
      "there is no PrivateKey, so no handshake can succeed",
      "Add PrivateKey, made by wg genkey, to [Interface]"),
  NO_PUBLIC_KEY(
      Severity.ERROR, "the peer has no PublicKey", "Add PublicKey, or remove the section"),
  LISTEN_PORT(
      Severity.ERROR,
      "not a port",
      "Give a number from 0 to 65535, 0 being any free port, or the name of a UDP service from /etc/services"),
  FW_MARK(
      Severity.ERROR,
      "not a firewall mark",
      "Give off, a number to 4294967295, or 0x and up to eight hexadecimal digits"),
  ADDRESS(Severity.ERROR, "%s", "Give addresses such as 10.0.0.1/24 or fd00::1/64"),
  ADDRESS_TWICE(Severity.ERROR, "the address is given twice", "Remove one of the two"),
  MTU(
      Severity.ERROR,
      "not an MTU",
      "Give a number of bytes from 68 to 65535, without leading zeros"),
  MTU_IPV6(
      Severity.WARNING,
      "IPv6 does not work on an interface with an MTU below 1280",
      "Give an MTU of 1280 or more, or no IPv6 addresses"),
  TABLE(
      Severity.ERROR,
      "not a routing table",
      "Give auto, off (in lower case), a name from /etc/iproute2/rt_tables, or a number from 0 to 4294967295 without leading zeros"),
  SAVE_CONFIG(Severity.ERROR, "neither true nor false", "Give true or false"),
  SAVE_CONFIG_ON(
      Severity.WARNING,
      "SaveConfig lets wg-quick overwrite this file, comments and all, whenever it takes the tunnel down",
      "Remove the line; changes made in the console are saved without it"),
  ALLOWED_IPS(
      Severity.ERROR, "%s", "Give prefixes such as 10.0.0.0/24, fd00::/64, parted by commas"),
  ALLOWED_IPS_SIGN(
      Severity.ERROR,
      "a sign before an allowed IP is for the command line only",
      "Write the prefix without + or -"),
  HOST_BITS(
      Severity.WARNING,
      "the prefix has bits set behind its length, which are taken as zero",
      "Write it as %s"),
  ALLOWED_IPS_TAKEN(
      Severity.WARNING,
      "peer %s has the same allowed IP; only the last peer gets it, which is %s",
      "Give every prefix to one peer only"),
  NO_ALLOWED_IPS(
      Severity.NOTE,
      "the peer has no allowed IPs, so no packet goes to it or is taken from it",
      "Add AllowedIPs"),
  ENDPOINT(Severity.ERROR, "%s", "Give host:port, 192.0.2.1:51820 or [2001:db8::1]:51820"),
  ENDPOINT_PORT(
      Severity.ERROR,
      "the endpoint's port is neither in 1 to 65535 nor the name of a UDP service",
      "Give the peer's listen port"),
  ENDPOINT_BRACKETS(
      Severity.WARNING, "an IPv6 endpoint without brackets can be misread", "Write it as %s"),
  PERSISTENT_KEEPALIVE(
      Severity.ERROR, "not an interval", "Give off or a number of seconds from 0 to 65535"),
  PEER_TWICE(
      Severity.WARNING,
      "the same peer stands at line %s already; what this section says replaces what that one says, allowed IPs included",
      "Keep one section per peer"),
  DISABLED_PEER(
      Severity.NOTE,
      "the disabled peer could not be enabled as it stands: %s",
      "Mend the line, or remove the section"),
  METADATA_KEY(
      Severity.WARNING, "unknown key of ours, which does nothing", "Known in this section are %s"),
  METADATA_SECTION(
      Severity.WARNING, "the key does nothing in this section", "Known in this section are %s"),
  METADATA_VALUE(Severity.ERROR, "the value of %s cannot be read: %s", "%s"),
  METADATA_PLACE(
      Severity.WARNING,
      "a comment of ours does nothing here",
      "Put it on a line of its own right below [Interface] or [Peer]"),
  ALLOWED_IPS_SHARED(
      Severity.ERROR,
      "peers %s and %s have the same allowed IP, and only the second one gets it",
      "Give every prefix to one peer only"),
  ALLOWED_IPS_NESTED(
      Severity.NOTE,
      "other peers have %s prefixes inside this one of %s, such as %s of %s; the longer one wins",
      "Leave it so if that is meant"),
  ADDRESS_SHARED(
      Severity.ERROR, "%s has this address, too", "Give each interface addresses of its own"),
  ADDRESS_OF_PEER(
      Severity.WARNING,
      "the interface has this allowed IP of peer %s as its own address, so the peer cannot use it",
      "Give the peer another address"),
  PRIVATE_KEY_SHARED(
      Severity.WARNING,
      "tunnel %s has the same private key, so peers cannot tell the two apart",
      "Make a key for each tunnel, by wg genkey"),
  OWN_KEY(
      Severity.WARNING,
      "the peer has this tunnel's own public key and is left out",
      "Remove the section, or correct one of the keys"),
  ENDPOINT_LOOP(
      Severity.ERROR,
      "the endpoint is inside %s of the same peer, so the tunnel's own packets would be sent into the"
          + " tunnel",
      "Leave the endpoint's address out of AllowedIPs, or use 0.0.0.0/0 or ::/0, which spare it"),
  SESSION_CUT_OFF(
      Severity.ERROR,
      "the way back to %s, which is in use now, would lead into the tunnel",
      "Leave that address out of AllowedIPs, or come by another way"),
  PORT_IN_USE(
      Severity.ERROR,
      "the listen port is in use by %s",
      "Choose another ListenPort, or stop the other one"),
  KEEPALIVE_MISSING(
      Severity.WARNING,
      "this machine is behind NAT, so the peer cannot reach it unless packets go out often enough",
      "Set PersistentKeepalive = 25"),
  MTU_TOO_LARGE(
      Severity.WARNING,
      "packets do not fit: %s octets go out at once, of which the tunnel needs %s itself",
      "Set MTU = %s, or leave it out to have it computed"),
  ROUTE_SHARED(
      Severity.ERROR,
      "tunnel %s has the same allowed IP, and a route can lead into one tunnel only",
      "Give the prefix to one tunnel only, or set Table in one of them"),
  ROUTE_NESTED(
      Severity.NOTE,
      "tunnel %s has %s prefixes inside this one of tunnel %s, such as %s; the longer one wins",
      "Leave it so if that is meant"),
  NETWORK_SHARED(
      Severity.WARNING,
      "%s is in network %s already, so what belongs there may be looked for in the wrong place",
      "Choose another network"),
  ENDPOINT_UNRESOLVED(
      Severity.WARNING,
      "the endpoint's name cannot be resolved; it is tried again",
      "See to the name or to this machine's name servers"),
  HOOKS_OFF(
      Severity.WARNING,
      "PreUp, PostUp, PreDown and PostDown are not run",
      "Set gatehouse.hooks=true to run them, or do what they do outside of this file"),
  HOOK_REPLACEABLE(
      Severity.NOTE,
      "what the hooks do can be said without them, by %s",
      "Take the fix, unless another program here drops packets, such as ufw, firewalld or Docker:"
          + " then the hooks that let them in or through are needed"),
  NO_SUCH_INTERFACE(
      Severity.ERROR,
      "%s names an interface that this machine does not have",
      "Correct the name, or take the line out until the interface is there"),
  PORT_FORWARD_OWN(
      Severity.ERROR,
      "%s takes the tunnel's own ListenPort, so its peers would not reach it any more",
      "Forward another port"),
  PORT_FORWARD_TARGET(
      Severity.WARNING,
      "%s leads to an address that no peer has in its AllowedIPs",
      "Forward to a peer's address, or give it to one"),
  NOT_EDITABLE(
      Severity.ERROR,
      "the file cannot be edited, because it is too large or has a byte order mark",
      "Mend that first"),
  NO_SUCH_PEER(Severity.ERROR, "the file has no such peer", "Give the key of a peer in it"),
  PEER_EXISTS(
      Severity.ERROR, "the file has this peer already, at line %s", "Edit that section instead"),
  CONTROL_CHARACTER(
      Severity.ERROR,
      "the new value has a line break or another control character",
      "Write it on one line, without control characters"),
  NAME(
      Severity.ERROR,
      "not a name for a peer",
      "Give 1 to 128 printable characters without blanks at the ends"),
  NAME_STAYS(
      Severity.ERROR,
      "the name comes from a comment of another program, at line %s",
      "Give another name, or remove that comment"),
  NOT_IN_LIST(Severity.ERROR, "%s has no such value", "Give a value that it has"),
  NOT_REVERSIBLE(
      Severity.ERROR,
      "the section could not be brought back byte for byte",
      "Part it by blank lines from the lines around it that are switched off"),
  NOT_READ_BACK(
      Severity.ERROR,
      "%s would not be read back from the file as it was given",
      "Write the value as it stands in wg-quick files"),
  NO_HIDDEN_KEY(
      Severity.ERROR,
      "this stands for no key of the version that was edited",
      "Read the file again, and leave what stands for its keys as it is"),
  HIDDEN_KEY_TWICE(
      Severity.ERROR,
      "this stands for one key, and may stand in one place only",
      "Write (generate) for another key, or give one"),
  HIDDEN_KEY_PLACE(
      Severity.ERROR,
      "a key would be shown here, or be used as another kind of key",
      "Put it back to where it was hidden"),
  MORE(
      Severity.NOTE,
      "there are %s more findings, which are not listed",
      "Mend the listed ones first");

  private final Severity severity;
  private final String message;
  private final String remedy;

  FindingCode(Severity severity, String message, String remedy) {
    this.severity = severity;
    this.message = message;
    this.remedy = remedy;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** The stable code, such as {@code KEY-LENGTH}. */
  public String code() {
    return name().replace('_', '-').toUpperCase(Locale.ROOT);
  }

  /**
   * A finding with its details.
   *
   * @param value fit to be shown: short, printable, masked if secret
   * @param details for each {@code %s}, those of the message first
   */
  public Finding at(String file, int line, String value, Object... details) {
    int inMessage = (message.length() - message.replace("%s", "").length()) / 2;
    Object[] rest = new Object[Math.max(0, details.length - inMessage)];
    System.arraycopy(details, details.length - rest.length, rest, 0, rest.length);
    return new Finding(
        code(), severity, file, line, value, message.formatted(details), remedy.formatted(rest));
  }
}
