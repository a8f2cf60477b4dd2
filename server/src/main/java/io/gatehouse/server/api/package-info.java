// SPDX-License-Identifier: Apache-2.0
/**
 * What programs may ask over HTTP: the REST interface below {@code /api/v1}, its document, and
 * health. Speaks in the records of the control contract; holds no state and makes no decision that
 * is not the data plane's or the security package's. Pages do not belong here.
 */
@NullMarked
package io.gatehouse.server.api;

import org.jspecify.annotations.NullMarked;
