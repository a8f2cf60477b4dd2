// SPDX-License-Identifier: Apache-2.0
/** The console's settings: the sources of both processes as one of MicroProfile Config. */
@NullMarked
package io.gatehouse.server.settings;

import org.jspecify.annotations.NullMarked;
