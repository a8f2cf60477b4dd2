// SPDX-License-Identifier: Apache-2.0
/**
 * The data plane's end of the control socket: JSON-RPC 2.0 requests in, answers and status
 * notifications out.
 *
 * <p>It checks who calls and the form of what they send; what a request means is the {@link
 * io.gatehouse.daemon.control.Gateway}'s business.
 */
@NullMarked
package io.gatehouse.daemon.control;

import org.jspecify.annotations.NullMarked;
