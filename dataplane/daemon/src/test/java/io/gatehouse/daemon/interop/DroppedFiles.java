// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway with an empty directory, into which each test drops files. */
abstract class DroppedFiles {
  Lab lab;
  Gatehouse gatehouse;

  @BeforeEach
  void start() {
    lab = new Lab();
    gatehouse = Gatehouse.start(lab, lab.gateway);
  }

  @AfterEach
  void clear() {
    lab.close();
  }

  /** The number of an interface, which another one of the same name has not. */
  int ifIndex(String tunnel) {
    String link = lab.gateway.run("ip", "-o", "link", "show", "dev", tunnel);
    return Integer.parseInt(link.substring(0, link.indexOf(':')));
  }
}
