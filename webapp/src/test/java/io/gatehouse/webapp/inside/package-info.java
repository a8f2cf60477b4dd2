// SPDX-License-Identifier: Apache-2.0
/** What goes into the console's archive beside it, for tests that run in the server. */
package io.gatehouse.webapp.inside;
