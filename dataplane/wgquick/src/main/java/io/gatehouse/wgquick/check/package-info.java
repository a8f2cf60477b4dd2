// SPDX-License-Identifier: Apache-2.0
/**
 * What can go wrong with files that are right by themselves: with each other, and on the machine
 * that they are for. One class for each check; {@link io.gatehouse.wgquick.check.Checks} runs all.
 *
 * <p>Pure functions of documents and of facts that the caller has gathered: nothing here reads a
 * file, looks up a name or asks the kernel. What is wrong with the text of a file is found by its
 * reader in {@code io.gatehouse.wgquick}.
 */
@NullMarked
package io.gatehouse.wgquick.check;

import org.jspecify.annotations.NullMarked;
