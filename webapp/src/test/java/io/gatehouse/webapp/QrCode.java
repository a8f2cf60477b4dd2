// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import com.google.zxing.ReaderException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Reads a QR code that a page draws, as a phone would. */
final class QrCode {
  private static final int QUIET_ZONE = 4;
  private static final Pattern MODULE = Pattern.compile("M(\\d+) (\\d+)h1v1h-1z");

  private QrCode() {}

  static String read(WebElement svg) throws ReaderException {
    int side = Integer.parseInt(svg.getDomAttribute("viewBox").replaceFirst(".* ", ""));
    BitMatrix modules = new BitMatrix(side - 2 * QUIET_ZONE);
    String ink = svg.findElements(By.tagName("path")).getLast().getDomAttribute("d");
    for (Matcher module = MODULE.matcher(ink); module.find(); ) {
      modules.set(
          Integer.parseInt(module.group(1)) - QUIET_ZONE,
          Integer.parseInt(module.group(2)) - QUIET_ZONE);
    }
    return new Decoder().decode(modules).getText();
  }
}
