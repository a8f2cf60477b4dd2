// SPDX-License-Identifier: Apache-2.0
/**
 * Changes of files that somebody has made on the pages and that nothing has come of yet: where they
 * are kept, the forms that make them, and what they would do. The data plane knows nothing of them.
 */
@NullMarked
package io.gatehouse.webapp.pending;

import org.jspecify.annotations.NullMarked;
