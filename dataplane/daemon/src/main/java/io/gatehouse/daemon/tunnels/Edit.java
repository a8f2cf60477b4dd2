// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.Finding;
import java.util.List;

/** How an edit of a tunnel's file went. */
public sealed interface Edit {
  /** What is to be said. */
  List<Finding> findings();

  /**
   * The file is written and the tunnel runs it.
   *
   * @param findings what is still worth saying about the file
   */
  record Done(List<Finding> findings) implements Edit {
    /** Copies the list. */
    public Done {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Nothing has changed, neither the file nor the tunnel.
   *
   * @param findings why; at least one is an error
   */
  record Refused(List<Finding> findings) implements Edit {
    /** Copies the list. */
    public Refused {
      findings = List.copyOf(findings);
    }
  }
}
