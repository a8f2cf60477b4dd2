// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.EditStep;
import io.gatehouse.webapp.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table of new peers is read with what is wrong by line. */
class PeerListTest {
  private static final String KEY = "fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=";
  private static final String TAKEN = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  private static List<PeerList.Entry> read(String table) {
    return PeerList.read(table, Set.of(TAKEN), Texts.in(Locale.ENGLISH));
  }

  @Test
  void columnsComeInAnyOrderAndWhatIsNotKnownIsPassedOver() {
    List<PeerList.Entry> entries =
        read(
            "Tags,name,public_key,colour,allowed_ips,expires\n"
                + "\"staff, night\",Ana,"
                + KEY
                + ",red,10.0.0.7/32,2030-12-31T00:00:00Z\n\n,'=Ben\n");
    assertThat(entries).extracting(PeerList.Entry::line).containsExactly(2, 4);
    assertThat(entries).extracting(PeerList.Entry::error).containsOnly("");
    assertThat(entries.getLast().name()).isEqualTo("=Ben");
    assertThat(entries.getFirst().steps(25))
        .containsExactly(
            new EditStep.AddPeer(KEY, "Ana", List.of("10.0.0.7/32"), "", 25, Optional.empty()),
            new EditStep.Set(
                Optional.of(KEY), "gatehouse.expires", List.of("2030-12-31T00:00:00Z")),
            new EditStep.Set(Optional.of(KEY), "gatehouse.tags", List.of("staff, night")));
  }

  @Test
  void whatIsWrongIsSaidOfItsLine() {
    assertThat(
            read(
                "name,public_key,allowed_ips,expires\n,,,\nA,short,,\nB,"
                    + TAKEN
                    + ",,\nC,"
                    + KEY
                    + ",,\nD,"
                    + KEY
                    + ",,\nE,,10.0.0.300,\nF,,,soon\n"))
        .extracting(entry -> entry.line() + (entry.error().isEmpty() ? " good" : " bad"))
        .containsExactly("3 bad", "4 bad", "5 good", "6 bad", "7 bad", "8 bad");
    assertThat(read("a,b\n1,2\n").getFirst().error()).contains("name");
    assertThat(read("")).isEmpty();
  }
}
