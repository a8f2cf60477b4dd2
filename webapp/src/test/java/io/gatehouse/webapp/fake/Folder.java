// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileList;
import io.gatehouse.control.FileState;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FindingStatus;
import java.util.List;

/** The made-up files of a {@link Fleet}. */
final class Folder {
  private static final String VERSION = "8f3a".repeat(10);

  static final FileList LIST =
      new FileList(
          List.of(
              new FileStatus("lab.conf", FileState.FAILED, VERSION, 214, 1, 0, 0),
              new FileStatus("office.conf", FileState.RUNNING, VERSION, 2481, 0, 1, 0),
              new FileStatus("road.conf", FileState.RUNNING, VERSION, 18_230, 0, 0, 0),
              new FileStatus("spare.conf", FileState.DOWN, VERSION, 96, 0, 0, 1)));

  private Folder() {}

  static FileText read(FileChoice choice) {
    return new FileText(
        choice.name(),
        VERSION,
        "UTF-8",
        """
        # Head office. Ask Ana before you touch this.
        [Interface]
        PrivateKey = (hidden 1@8f3a8f3a)
        Address = 10.8.0.1/24, fd00:8::1/64
        ListenPort = 51820

        [Peer]
        # friendly_name = Lisbon
        PublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=
        AllowedIPs = 10.8.1.0/24, fd00:8:1::/64

        [Peer]
        # friendly_name = Porto
        PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
        AllowedIPs = 10.8.2.0/24, 10.8.1.128/25
        """,
        List.of(
            new FindingStatus(
                "ALLOWED-IPS-OVERLAP",
                "WARNING",
                choice.name(),
                15,
                "10.8.1.128/25",
                "the peer Porto has an address that lies in the network of Lisbon",
                "Give each network to one peer.")));
  }
}
