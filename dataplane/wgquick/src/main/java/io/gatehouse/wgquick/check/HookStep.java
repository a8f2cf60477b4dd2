// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Masquerade;
import io.gatehouse.wgquick.PortForward;

/**
 * What one command of a hook does.
 *
 * @param meaning of the rule or setting
 * @param rule what is set or taken back, in words; equal where it is the same
 * @param sets whether it is set; otherwise it is taken back
 */
record HookStep(Meaning meaning, String rule, boolean sets) {
  /** What a rule or setting is good for. */
  sealed interface Meaning {
    /** Hides what leaves behind an address of this machine. */
    record Hides(Masquerade masquerade) implements Meaning {}

    /** Sends something on to a peer. */
    record SendsOn(PortForward forward) implements Meaning {}

    /** Lets forwarded packets of the tunnel pass. */
    record LetsPass() implements Meaning {}

    /** Lets what is for the tunnel's own port come in. */
    record LetsIn() implements Meaning {}

    /** Makes or removes what rules stand in. */
    record Prepares() implements Meaning {}

    /** Switches forwarding on for all interfaces. */
    record SwitchesOn() implements Meaning {}
  }
}
