// SPDX-License-Identifier: Apache-2.0
/**
 * The console's one connection to the data plane and the newest state that came over it. Holds no
 * page and no secret.
 */
@NullMarked
package io.gatehouse.server.gateway;

import org.jspecify.annotations.NullMarked;
