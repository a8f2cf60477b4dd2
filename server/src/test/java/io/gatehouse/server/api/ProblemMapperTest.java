// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemMapperTest {
  @ParameterizedTest
  @CsvSource({
    "MTU-IPV6 NO-SUCH-FILE, 404",
    "NO-SUCH-REVISION, 404",
    "STALE-VERSION, 412",
    "MERGE-CONFLICT, 412",
    "FILE-EXISTS, 409",
    "NO-COMMIT, 409",
    "ROUTE-SHARED, 422",
    "'', 409"
  })
  void aRefusalHasTheStatusOfItsFindings(String codes, int status) {
    List<FindingStatus> findings =
        Stream.of(codes.split(" "))
            .filter(code -> !code.isEmpty())
            .map(code -> new FindingStatus(code, "ERROR", "wg0.conf", 1, "", "no", "Yes."))
            .toList();
    assertThat(status(new ControlException(ControlException.REFUSED, "no", findings)))
        .isEqualTo(status);
  }

  @Test
  void whoeverMadeTheMistakeIsTold() {
    assertThat(status(new ControlException(ControlException.INVALID_PARAMS, "no", List.of())))
        .isEqualTo(400);
    assertThat(status(new ControlException(ControlException.INTERNAL_ERROR, "no", List.of())))
        .isEqualTo(502);
  }

  private static int status(ControlException refusal) {
    return ProblemMapper.status(refusal).getStatusCode();
  }
}
