// SPDX-License-Identifier: Apache-2.0
/**
 * Changes that go back by themselves unless somebody confirms them: the bar on each page, and the
 * review.
 */
@NullMarked
package io.gatehouse.webapp.commit;

import org.jspecify.annotations.NullMarked;
