// SPDX-License-Identifier: Apache-2.0
/** What scripts and monitors may ask over HTTP: the status as JSON, and health. */
@NullMarked
package io.gatehouse.server.api;

import org.jspecify.annotations.NullMarked;
