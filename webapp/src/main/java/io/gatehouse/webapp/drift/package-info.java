// SPDX-License-Identifier: Apache-2.0
/**
 * What runs otherwise than the files say, and files that are not applied before somebody says so:
 * the parts of pages that show them and decide about them. How files are edited is not here.
 */
@NullMarked
package io.gatehouse.webapp.drift;

import org.jspecify.annotations.NullMarked;
