// SPDX-License-Identifier: Apache-2.0
/**
 * The data plane process: reads the settings, starts and stops everything, and is the command line.
 *
 * <p>Features live in the sub-packages, one each; only wiring belongs here.
 */
@NullMarked
package io.gatehouse.daemon;

import org.jspecify.annotations.NullMarked;
