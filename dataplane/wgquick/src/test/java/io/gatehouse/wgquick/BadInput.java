// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that must be refused.
 *
 * @param text the file; {@code K} and {@code P} stand for a private and a public key
 * @param code of the finding
 * @param line of the finding
 * @param value of the finding
 * @param stockTakesIt whether the stock tools take the file; we are stricter there on purpose
 */
record BadInput(String text, String code, int line, String value, boolean stockTakesIt) {
  private static final String I = "[Interface]\nPrivateKey = K\n";
  private static final String P = I + "[Peer]\nPublicKey = P\n";

  static List<BadInput> all() {
    List<BadInput> all = new ArrayList<>();
    refused(all, I + "Foo = 1\n", "UNKNOWN-KEY", 3, "Foo");
    refused(all, I + "ListenPrt = 1\n", "UNKNOWN-KEY", 3, "ListenPrt");
    refused(
        all, I + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=\n", "UNKNOWN-KEY", 3, "(hidden)");
    refused(all, I + "; comment\n", "NOT-A-SETTING", 3, "; comment");
    refused(all, I + "ListenPort\n", "NOT-A-SETTING", 3, "ListenPort");
    refused(all, "ListenPort = 1\n", "OUTSIDE-SECTION", 1, "ListenPort");
    refused(all, "Address = 10.0.0.1/24\n[Interface]\n", "OUTSIDE-SECTION", 1, "Address");
    refused(all, I + "[Pear]\nPublicKey = P\n", "UNKNOWN-SECTION", 3, "[Pear]");
    refused(all, "[ Interface ]\nMTU = 1400\n", "SECTION-BLANKS", 2, "MTU");
    refused(all, I + "M T U = 1400\n", "KEY-BLANKS", 3, "M T U");
    refused(all, "[Interface]\nPrivateKey = short\n", "KEY-LENGTH", 2, "(hidden)");
    refused(
        all,
        "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEF=\n",
        "KEY-LENGTH",
        2,
        "(hidden)");
    refused(all, "[Interface]\nPrivateKey =\n", "EMPTY", 2, "PrivateKey");
    refused(all, P + "PresharedKey =\n", "EMPTY", 5, "PresharedKey");
    refused(all, P + "PresharedKey = !!!\n", "KEY-LENGTH", 5, "(hidden)");
    refused(all, P + "AllowedIPs =\n", "EMPTY", 5, "AllowedIPs");
    refused(all, I + "[Peer]\nPublicKey = abc=\n", "KEY-LENGTH", 4, "abc=");
    refused(all, I + "[Peer]\nAllowedIPs = 10.0.0.0/8\n", "NO-PUBLIC-KEY", 3, "[Peer]");
    refused(all, P + "AllowedIPs = 10.0.0.0/33\n", "ALLOWED-IPS", 5, "10.0.0.0/33");
    refused(all, P + "AllowedIPs = 10.0.0.0/\n", "ALLOWED-IPS", 5, "10.0.0.0/");
    refused(all, P + "AllowedIPs = 10.0.0/24\n", "ALLOWED-IPS", 5, "10.0.0/24");
    refused(all, P + "AllowedIPs = 010.0.0.0/24\n", "ALLOWED-IPS", 5, "010.0.0.0/24");
    refused(all, P + "AllowedIPs = fd00::/129\n", "ALLOWED-IPS", 5, "fd00::/129");
    refused(all, P + "AllowedIPs = fd00:::/64\n", "ALLOWED-IPS", 5, "fd00:::/64");
    refused(all, P + "AllowedIPs = 10.0.0.1, ,10.0.0.2\n", "ALLOWED-IPS", 5, "");
    refused(all, P + "AllowedIPs = host.example/32\n", "ALLOWED-IPS", 5, "host.example/32");
    refused(all, P + "AllowedIPs = -10.0.0.0/8\n", "ALLOWED-IPS-SIGN", 5, "-10.0.0.0/8");
    refused(all, P + "Address = 10.0.0.1/24\n", "WRONG-SECTION", 5, "Address");
    refused(all, P + "ListenPort = 1\n", "WRONG-SECTION", 5, "ListenPort");
    refused(all, I + "PublicKey = P\n", "WRONG-SECTION", 3, "PublicKey");
    refused(all, I + "ListenPort = -1\n", "LISTEN-PORT", 3, "-1");
    stricter(all, I + "ListenPort = 65536\n", "LISTEN-PORT", 3, "65536");
    stricter(all, I + "ListenPort = 99999\n", "LISTEN-PORT", 3, "99999");
    refused(all, I + "ListenPort = 1x\n", "LISTEN-PORT", 3, "1x");
    refused(all, I + "ListenPort =\n", "EMPTY", 3, "ListenPort");
    refused(all, I + "FwMark = 4294967296\n", "FW-MARK", 3, "4294967296");
    refused(all, I + "FwMark = 0x\n", "FW-MARK", 3, "0x");
    refused(all, I + "FwMark = 0Xff\n", "FW-MARK", 3, "0Xff");
    refused(all, I + "FwMark = on\n", "FW-MARK", 3, "on");
    refused(all, P + "PersistentKeepalive = 65536\n", "PERSISTENT-KEEPALIVE", 5, "65536");
    refused(all, P + "PersistentKeepalive = 25s\n", "PERSISTENT-KEEPALIVE", 5, "25s");
    refused(all, P + "Endpoint = 192.0.2.1\n", "ENDPOINT", 5, "192.0.2.1");
    refused(all, P + "Endpoint = 192.0.2.1:\n", "ENDPOINT", 5, "192.0.2.1:");
    refused(all, P + "Endpoint = [2001:db8::1\n", "ENDPOINT", 5, "[2001:db8::1");
    refused(all, P + "Endpoint = [2001:db8::1]51820\n", "ENDPOINT", 5, "[2001:db8::1]51820");
    refused(all, P + "Endpoint = :51820\n", "ENDPOINT", 5, ":51820");
    refused(all, P + "Endpoint = 300.0.0.1:51820\n", "ENDPOINT", 5, "300.0.0.1:51820");
    stricter(all, P + "Endpoint = 192.0.2.1:99999\n", "ENDPOINT-PORT", 5, "192.0.2.1:99999");
    refused(all, P + "Endpoint = 192.0.2.1:domian\n", "ENDPOINT-PORT", 5, "192.0.2.1:domian");
    refused(all, "\u00ef\u00bb\u00bf" + I, "BYTE-ORDER-MARK", 1, "");
    refused(all, I + "SaveConfig = yes\n", "SAVE-CONFIG", 3, "yes");
    refused(all, I + "SaveConfig =\n", "EMPTY", 3, "SaveConfig");
    // What wg-quick strip does not look at, but up fails on.
    stricter(all, I + "Address = 10.0.0.1/33\n", "ADDRESS", 3, "10.0.0.1/33");
    stricter(all, I + "Address = 10.0.0.1/24, 10.0.0.1/24\n", "ADDRESS-TWICE", 3, "10.0.0.1/24");
    stricter(all, I + "MTU = 67\n", "MTU", 3, "67");
    stricter(all, I + "MTU = 65536\n", "MTU", 3, "65536");
    stricter(all, I + "MTU = x\n", "MTU", 3, "x");
    stricter(all, I + "Table = OFF\n", "TABLE", 3, "OFF");
    stricter(all, I + "Table = 010\n", "TABLE", 3, "010");
    stricter(all, I + "Address = ::1/64\n", "ADDRESS", 3, "::1/64");
    stricter(all, I + "Table = 4294967296\n", "TABLE", 3, "4294967296");
    return List.copyOf(all);
  }

  byte[] bytes() {
    return text.replace("= K\n", "= AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=\n")
        .replace("= P\n", "= fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void refused(
      List<BadInput> all, String text, String code, int line, String value) {
    all.add(new BadInput(text, code, line, value, false));
  }

  private static void stricter(
      List<BadInput> all, String text, String code, int line, String value) {
    all.add(new BadInput(text, code, line, value, true));
  }
}
