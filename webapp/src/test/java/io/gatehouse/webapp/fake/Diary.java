// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.fake;

import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionRange;
import java.util.ArrayList;
import java.util.List;

/** A made-up history of a tunnel directory, newest first. */
final class Diary {
  static final String DIFF =
      """
      diff --git a/office.conf b/office.conf
      --- a/office.conf
      +++ b/office.conf
      @@ -1,9 +1,9 @@
       [Interface]
       PrivateKey = (hidden)
      -ListenPort = 51819
      +ListenPort = 51820
       Address = 10.8.0.1/24
      \s
       [Peer]
       # friendly_name = Lisbon
       PublicKey = fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=
      -AllowedIPs = 10.8.1.0/24
      +AllowedIPs = 10.8.1.0/24, fd00:8:1::/64
      """;

  private final List<Revision> revisions = new ArrayList<>();

  Diary(long now) {
    String[] authors = {"ana", "root", "admin"};
    ChangeSource[] sources = {ChangeSource.CONSOLE, ChangeSource.FILE, ChangeSource.COMMAND_LINE};
    String[] words = {
      "Lisbon has IPv6 now", "changed: office.conf", "new phones for the night shift", ""
    };
    for (int i = 0; i < 60; i++) {
      revisions.add(
          new Revision(
              String.format("%08x", 0x9e3779b1 * (i + 1)).repeat(5),
              now / 1000 - 1800 - i * 7000L * (1 + i / 4),
              authors[i % 3],
              sources[i % 3],
              words[i % 4],
              i % 5 == 0 ? List.of("office.conf", "road.conf") : List.of("office.conf")));
    }
  }

  RevisionList page(RevisionRange range) throws ControlException {
    int from = range.before().isEmpty() ? 0 : indexOf(range.before()) + 1;
    int to = Math.min(revisions.size(), from + range.limit());
    return new RevisionList(revisions.subList(from, to), to < revisions.size());
  }

  Revision find(String id) throws ControlException {
    return revisions.get(indexOf(id));
  }

  String difference(String from, String to) throws ControlException {
    return indexOf(from) == indexOf(to) ? "" : DIFF;
  }

  void add(Revision revision) {
    revisions.addFirst(revision);
  }

  private int indexOf(String id) throws ControlException {
    if (id.equals("HEAD")) {
      return 0;
    }
    for (int i = 0; i < revisions.size(); i++) {
      if (revisions.get(i).id().startsWith(id)) {
        return i;
      }
    }
    throw new ControlException(ControlException.REFUSED, "there is no revision " + id, List.of());
  }
}
