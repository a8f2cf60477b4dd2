// SPDX-License-Identifier: Apache-2.0
/** The page of the audit: who changed what by the console, from where, and what came of it. */
@NullMarked
package io.gatehouse.webapp.audit;

import org.jspecify.annotations.NullMarked;
