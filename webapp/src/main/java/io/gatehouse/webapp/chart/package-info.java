// SPDX-License-Identifier: Apache-2.0
/** Charts of rates over an hour, a day and 30 days, drawn on the server as SVG, with a table. */
@NullMarked
package io.gatehouse.webapp.chart;

import org.jspecify.annotations.NullMarked;
