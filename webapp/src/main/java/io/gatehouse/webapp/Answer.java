// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.security.Forbidden;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the data plane answered, or why it did not, as a page shows it.
 *
 * @param value the answer; empty when there is none
 * @param refusal why there is none, in one sentence; else empty
 * @param findings the reasons in detail
 */
public record Answer<T>(Optional<T> value, String refusal, List<FindingStatus> findings) {
  private static final System.Logger LOG = System.getLogger(Answer.class.getName());

  /** Asks, and waits. */
  public static <T> Answer<T> of(Gateway gateway, Texts texts, Gateway.Question<T> question) {
    try {
      return new Answer<>(Optional.of(gateway.ask(question)), "", List.of());
    } catch (ControlException e) {
      return new Answer<>(Optional.empty(), e.message(), e.findings());
    } catch (Forbidden e) {
      return new Answer<>(Optional.empty(), texts.forbidden(e), List.of());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the data plane gave no answer: {0}", e.getMessage());
      return new Answer<>(Optional.empty(), texts.of("gone"), List.of());
    }
  }

  /** Nothing was asked. */
  public static <T> Answer<T> none() {
    return new Answer<>(Optional.empty(), "", List.of());
  }
}
