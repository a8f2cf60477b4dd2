// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Everything for programs lies below {@code /api}. */
@ApplicationPath("/api")
public class ConsoleApi extends Application {}
