// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keys are hidden wherever they stand, and put back where they would be hidden again. */
class HiddenKeysTest {
  private static final String VERSION = "1f6c03a9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String PRIVATE = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String SHARED = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
  private static final String OTHER = "6Hn0uKMEMyCd8oI1dmM5/a6/Mz4gVpjNqAPxAvBPnHo=";
  private static final String PUBLIC = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";
  private static final String FILE =
      "[Interface]\r\nPrivateKey = "
          + PRIVATE
          + " # mine\r\nPostUp = wg set %i peer x preshared-key <(echo "
          + OTHER
          + ")\r\n[Peer]\r\nPublicKey = "
          + PUBLIC
          + "\r\nPresharedKey="
          + SHARED;
  private static final String HIDDEN =
      "[Interface]\r\nPrivateKey = (hidden 1@1f6c03a9) # mine\r\n"
          + "PostUp = wg set %i peer x preshared-key <(echo (hidden 2@1f6c03a9))\r\n"
          + "[Peer]\r\nPublicKey = "
          + PUBLIC
          + "\r\nPresharedKey=(hidden 3@1f6c03a9)";

  @Test
  void eachKeyHasAPlaceholderAndThePublicOneIsSeen() {
    assertThat(HiddenKeys.hide(FILE, VERSION)).isEqualTo(HIDDEN);
    assertThat(reveal(HIDDEN)).isEqualTo(FILE);
    assertThat(HiddenKeys.mask(FILE)).isEqualTo(HIDDEN.replaceAll("hidden .@1f6c03a9", "hidden"));
  }

  @Test
  void commentsHideThemToo() {
    for (String line :
        List.of(
            "# PrivateKey = KEY",
            "#[disabled] PresharedKey=KEY",
            "# private key: KEY",
            "## KEY is the key of the phone",
            "#- p R e s h a r e d K e y \t=  KEY",
            "# {\"privateKey\": \"KEY\"}")) {
      assertThat(HiddenKeys.mask(line.replace("KEY", PRIVATE)))
          .doesNotContain(PRIVATE)
          .contains("(hidden)");
    }
    assertThat(HiddenKeys.mask("# the private key of the office is in the safe"))
        .isEqualTo("# the private key of the office is in the safe");
  }

  @Test
  void whatIsAddedAroundPlaceholdersStaysAndAKeyMayMoveWithItsLine() {
    String moved =
        "# new\r\n"
            + HIDDEN.replace("PrivateKey = (hidden 1@1f6c03a9) # mine\r\n", "")
            + "\r\n[Interface]\r\nPrivateKey = (hidden 1@1f6c03a9)\r\n";
    assertThat(reveal(moved))
        .startsWith("# new\r\n[Interface]\r\nPostUp")
        .endsWith(SHARED + "\r\n[Interface]\r\nPrivateKey = " + PRIVATE + "\r\n");
    assertThat(reveal("PrivateKey = " + OTHER)).isEqualTo("PrivateKey = " + OTHER);
  }

  @Test
  void noKeyIsBroughtToWhereItIsShownOrIsAnotherKind() {
    assertRefused("PublicKey = (hidden 1@1f6c03a9)", "HIDDEN-KEY-PLACE", 1);
    assertRefused("x\nEndpoint = (hidden 3@1f6c03a9):1", "HIDDEN-KEY-PLACE", 2);
    assertRefused("# Public Key: (hidden 3@1f6c03a9)", "HIDDEN-KEY-PLACE", 1);
    assertRefused("PresharedKey = (hidden 1@1f6c03a9)", "HIDDEN-KEY-PLACE", 1);
    assertRefused("PrivateKey = a(hidden 1@1f6c03a9)", "HIDDEN-KEY-PLACE", 1);
    assertRefused("PrivateKey = (hidden 4@1f6c03a9)", "NO-HIDDEN-KEY", 1);
    assertRefused("PrivateKey = (hidden 1@1f6c03aa)", "NO-HIDDEN-KEY", 1);
    assertRefused(
        "PresharedKey = (hidden 3@1f6c03a9)\nPresharedKey = (hidden 3@1f6c03a9)",
        "HIDDEN-KEY-TWICE",
        2);
  }

  @Test
  void keysAreMadeWhereOneStandsAndNowhereElse() {
    String made =
        HiddenKeys.generated(
            "# (generate)\n[Interface]\nPrivateKey = (generate)\n[Peer]\nPresharedKey=(generate)\n");
    assertThat(made).startsWith("# (generate)\n");
    List<String> keys =
        made.lines().filter(line -> line.contains("Key")).map(line -> value(line)).toList();
    assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    keys.forEach(key -> assertThat(SecretKey.parse(key).isZero()).isFalse());
  }

  @Test
  void whateverTheReaderTakesForAKeyIsHidden() {
    Random random = new Random(7);
    int read = 0;
    for (int i = 0; i < 2000; i++) {
      String text =
          "[Interface]\n"
              + blanks(random, "PrivateKey", "=", PRIVATE)
              + "\n[Peer]\nPublicKey = "
              + PUBLIC
              + "\n"
              + blanks(random, "PresharedKey", "=", SHARED)
              + (random.nextBoolean() ? "\n" : "");
      WgQuickFile file = WgQuickFile.parse("wg0.conf", text.getBytes(StandardCharsets.ISO_8859_1));
      read += file.config().isPresent() ? 1 : 0;
      String bare = Blanks.drop(HiddenKeys.mask(text));
      assertThat(bare).doesNotContain(PRIVATE).doesNotContain(SHARED).contains(PUBLIC);
      assertThat(bare).doesNotContain(PRIVATE.substring(20)).doesNotContain(SHARED.substring(20));
      assertThat(reveal(HiddenKeys.hide(text, VERSION), text)).isEqualTo(text);
    }
    assertThat(read).as("files that the reader took").isGreaterThan(100);
  }

  /** Words in odd case, with blanks in them and around them, but no line end. */
  private static String blanks(Random random, String... words) {
    StringBuilder line = new StringBuilder();
    boolean inside = random.nextInt(4) == 0;
    for (String word : words) {
      boolean key = word.length() < 20;
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        line.append(key && random.nextBoolean() ? Character.toUpperCase(c) : c);
        if (inside && random.nextInt(6) == 0) {
          line.append(" \t\u000b\f\r\0".charAt(random.nextInt(6)));
        }
      }
      line.append(" ".repeat(random.nextInt(3)));
    }
    return line.toString();
  }

  private static String value(String line) {
    return line.substring(line.indexOf('=') + 1).strip();
  }

  private static String reveal(String edited) {
    return reveal(edited, FILE);
  }

  private static String reveal(String edited, String text) {
    return HiddenKeys.reveal("wg0.conf", edited, text, VERSION);
  }

  private static void assertRefused(String edited, String code, int line) {
    assertThatThrownBy(() -> reveal(edited))
        .isInstanceOfSatisfying(
            RefusedEdit.class,
            refused -> {
              assertThat(refused.finding().code()).isEqualTo(code);
              assertThat(refused.finding().line()).isEqualTo(line);
              assertThat(refused.finding().toString()).doesNotContain(PRIVATE, SHARED);
            });
  }
}
