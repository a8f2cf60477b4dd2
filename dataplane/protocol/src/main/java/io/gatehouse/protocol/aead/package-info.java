// SPDX-License-Identifier: Apache-2.0
/**
 * ChaCha20-Poly1305 for transport packets (RFC 8439), behind one interface with several engines.
 *
 * <p>With the lanes of X25519 and the checksum of the datapath the only place for the Vector API,
 * and with {@code LibcryptoAead} the only one that calls native code other than by JNA. It knows
 * keys, counters and bytes, and nothing of sessions or peers.
 *
 * <h2>Constant time</h2>
 *
 * <p>How long a packet takes, and which memory is touched, may depend on its length and on whether
 * its tag was right, which the sender learns anyway; never on key, text or where a tag is wrong:
 *
 * <ul>
 *   <li>No branch, no index and no number of turns comes from a secret. ChaCha20 is additions,
 *       exclusive ors and rotations by constants, Poly1305 multiplications and carries by shift and
 *       mask; the last reduction selects by mask. Only lengths and block numbers are compared.
 *   <li>A tag is compared as a whole: all differences are collected by OR, and the one branch asks
 *       whether there was any. The text is decrypted after that.
 *   <li>Multiplications are 64-bit ones, on scalars or vector lanes, of constant time on x86-64 and
 *       on AArch64 with data independent timing.
 * </ul>
 *
 * <p>{@code ConstantTimeTest} reads the class files and holds that the arithmetic compares no long
 * and that {@code VectorAead} compares one, the collected difference. What it cannot show is what a
 * compiler makes of that: C2 may in principle turn arithmetic into branches, and so may a later
 * one. The listings of the versions we looked at have none in the rounds and in the strides, and
 * {@code TimingReport} of the benchmarks looks for differences by measurement. Neither is a proof.
 */
@NullMarked
package io.gatehouse.protocol.aead;

import org.jspecify.annotations.NullMarked;
