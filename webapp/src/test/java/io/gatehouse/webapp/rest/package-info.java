// SPDX-License-Identifier: Apache-2.0
/** The REST interface as programs meet it: over HTTPS, with tokens, by its own document. */
package io.gatehouse.webapp.rest;
