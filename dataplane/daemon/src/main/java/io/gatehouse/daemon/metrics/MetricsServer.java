// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.metrics.GatewayMetrics;
import io.gatehouse.control.metrics.MetricsForm;
import io.gatehouse.wgquick.IpLiteral;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves {@code GET /metrics} over HTTP. There is no log-in, so it is for a loopback address.
 *
 * <p>A web page cannot read it through a visitor's browser: requests that name another host than an
 * address or {@code localhost} are refused.
 */
public final class MetricsServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(MetricsServer.class.getName());
  private static final String PATH = "/metrics";
  private static final int THREADS = 2;

  private final Supplier<GatewayStatus> status;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().name("metrics-", 0).daemon().factory());

  static {
    // Who is slow to ask or to listen must not keep one of the threads for good.
    System.setProperty("sun.net.httpserver.maxReqTime", "5");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
    System.setProperty("jdk.httpserver.maxConnections", "32");
  }

  private MetricsServer(Supplier<GatewayStatus> status, HttpServer server) {
    this.status = status;
    this.server = server;
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * Starts to serve.
   *
   * @param address port 0 takes any free one
   * @param status what to show; called from threads of this server
   * @throws IOException if the address cannot be listened on; says the remedy
   */
  public static MetricsServer start(InetSocketAddress address, Supplier<GatewayStatus> status)
      throws IOException {
    try {
      MetricsServer server = new MetricsServer(status, HttpServer.create(address, 0));
      LOG.info("metrics on http:/" + server.address() + PATH);
      return server;
    } catch (IOException e) {
      throw new IOException(
          "metrics cannot be served on "
              + address
              + ": "
              + e.getMessage()
              + "; give another gatehouse.metrics.address",
          e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean get = exchange.getRequestMethod().equals("GET");
      if (!namesThisHost(String.valueOf(exchange.getRequestHeaders().getFirst("Host")))) {
        exchange.sendResponseHeaders(403, -1);
      } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!get && !exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
      } else {
        MetricsForm form = MetricsForm.wanted(exchange.getRequestHeaders().getFirst("Accept"));
        byte[] page = GatewayMetrics.text(status.get(), form).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", form.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, get ? page.length : -1);
        if (get) {
          exchange.getResponseBody().write(page);
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "metrics could not be made", e);
      throw e;
    }
  }

  private static boolean namesThisHost(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return name.equals("localhost") || isLiteral(name);
  }

  private static boolean isLiteral(String name) {
    try {
      return !IpLiteral.parse(name).isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
