// SPDX-License-Identifier: Apache-2.0
/**
 * ChaCha20-Poly1305 for transport packets (RFC 8439), behind one interface with several engines.
 *
 * <p>The only package that may use the Vector API. It knows keys, counters and bytes, and nothing
 * of sessions or peers.
 */
@NullMarked
package io.gatehouse.protocol.aead;

import org.jspecify.annotations.NullMarked;
