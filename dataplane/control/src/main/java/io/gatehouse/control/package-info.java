// SPDX-License-Identifier: Apache-2.0
/**
 * The contract between data plane and console: status records, JSON-RPC 2.0 messages and the
 * client.
 *
 * <p>Holds no secret and no behaviour beyond encoding. It must not know how either side works.
 */
@NullMarked
package io.gatehouse.control;

import org.jspecify.annotations.NullMarked;
