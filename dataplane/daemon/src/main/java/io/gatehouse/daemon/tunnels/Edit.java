// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.control.CommitStatus;
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
   * Files are as they were in a revision, and their tunnels follow.
   *
   * @param files names of those that were written or removed
   * @param findings what is to be said about them
   */
  record Restored(List<String> files, List<Finding> findings) implements Edit {
    /** Copies the lists. */
    public Restored {
      files = List.copyOf(files);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Files are applied that were held up.
   *
   * @param files their names
   * @param findings what is to be said about them
   */
  record Approved(List<String> files, List<Finding> findings) implements Edit {
    /** Copies the lists. */
    public Approved {
      files = List.copyOf(files);
      findings = List.copyOf(findings);
    }
  }

  /**
   * A commit waits to be confirmed from now on, or was confirmed.
   *
   * @param commit which
   */
  record Commit(CommitStatus commit) implements Edit {
    @Override
    public List<Finding> findings() {
      return List.of();
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
