// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

/**
 * What the scripts of a page ask for, beside that page, and no program: it is served below {@code
 * /api} without a version, and no document tells of it. Each of its methods {@link Needs} an action
 * as all others do.
 */
public interface PageResource {}
