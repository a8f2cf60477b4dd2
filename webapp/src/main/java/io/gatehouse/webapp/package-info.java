// SPDX-License-Identifier: Apache-2.0
/**
 * What all pages share: texts and the theme. Pages have packages of their own; nothing here talks
 * to the data plane.
 */
@NullMarked
package io.gatehouse.webapp;

import org.jspecify.annotations.NullMarked;
