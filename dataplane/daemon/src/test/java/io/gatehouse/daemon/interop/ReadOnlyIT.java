// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.interop;

import static io.gatehouse.daemon.interop.Eventually.eventually;
import static io.gatehouse.daemon.interop.Example.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A directory that the data plane cannot write: others still can, and it follows. */
class ReadOnlyIT {
  @Test
  void filesAreFollowedEditsAreRefusedAndTheHistoryIsKept() throws IOException {
    try (Lab lab = new Lab()) {
      Gatehouse gatehouse = Gatehouse.startReadOnly(lab, lab.gateway);
      gatehouse.drop("wg0.conf", file());
      eventually("wg0 is up", () -> port(lab).equals("51821"), gatehouse.daemon()::log);
      gatehouse.drop("wg0.conf", file().replace("51821", "51831"));
      eventually("a change is taken", () -> port(lab).equals("51831"), gatehouse.daemon()::log);

      lab.gateway.run("wg", "set", "wg0", "listen-port", "51841");
      Command refused =
          lab.gateway.tryRun(
              "env",
              "GATEHOUSE_TUNNELS_DIRECTORY=" + gatehouse.tunnels(),
              Gatehouse.program("gatehouse"),
              "save",
              "wg0");
      assertThat(refused.exitCode()).isOne();
      assertThat(refused.output()).contains("wg0.conf", "the directory is mounted read-only");
      assertThat(gatehouse.tunnels().resolve("wg0.conf"))
          .hasContent(file().replace("51821", "51831"));

      eventually(
          "both states are in the history",
          () -> gatehouse.command(lab.gateway, "history", "list").lines().count() == 2,
          gatehouse.daemon()::log);
      assertThat(gatehouse.command(lab.gateway, "history", "diff", "HEAD~1"))
          .contains("-ListenPort = 51821", "+ListenPort = 51831");
      Command back =
          lab.gateway.tryRun(Gatehouse.program("gatehouse"), "history", "restore", "HEAD~1");
      assertThat(back.exitCode()).isOne();
      assertThat(back.output()).contains("the directory is mounted read-only");

      gatehouse.remove("wg0.conf");
      eventually("wg0 is gone", () -> !lab.gateway.hasLink("wg0"), gatehouse.daemon()::log);
    }
  }

  private static String port(Lab lab) {
    return lab.gateway.tryRun("wg", "show", "wg0", "listen-port").output().strip();
  }
}
