// SPDX-License-Identifier: Apache-2.0
/** The pages of the tunnel directory's files: what has come of each, and an editor with checks. */
@NullMarked
package io.gatehouse.webapp.files;

import org.jspecify.annotations.NullMarked;
