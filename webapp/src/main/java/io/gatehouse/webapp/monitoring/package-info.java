// SPDX-License-Identifier: Apache-2.0
/**
 * The page of the doors for monitoring stations: SNMP users, where notifications go, files to
 * import, metrics. Passphrases come in here and never go out.
 */
@NullMarked
package io.gatehouse.webapp.monitoring;

import org.jspecify.annotations.NullMarked;
