// SPDX-License-Identifier: Apache-2.0
/**
 * The page that tells why packets went no further, and leads through a peer that cannot connect.
 */
@NullMarked
package io.gatehouse.webapp.diagnose;

import org.jspecify.annotations.NullMarked;
