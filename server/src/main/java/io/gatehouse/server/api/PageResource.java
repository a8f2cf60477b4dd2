// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

/**
 * What is served below {@code /api} without a version, and told of by no document: what the scripts
 * of a page ask for beside that page, and what is kept as a file, in formats that no version of
 * ours changes. Each of its methods {@link Needs} an action as all others do.
 */
public interface PageResource {}
