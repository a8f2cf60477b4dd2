// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.daemon.Statuses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsServerTest {
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        MetricsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> Statuses.gateway(0, Statuses.tunnel()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              (request.replace("\n", "\r\n") + "Connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void metricsAreServedInTheFormThatIsAskedFor() throws IOException {
    assertThat(ask("GET /metrics HTTP/1.1\nHost: localhost\n"))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("content-type: text/plain; version=0.0.4; charset=utf-8")
        .contains("gatehouse_info{version=\"0.1.0\"} 1\n");
    assertThat(
            ask(
                """
                GET /metrics HTTP/1.1
                Host: 127.0.0.1:9586
                Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5
                """))
        .containsIgnoringCase("content-type: application/openmetrics-text; version=1.0.0")
        .endsWith("# EOF\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, localhost, 404",
    "GET, /metrics/x, localhost, 404",
    "POST, /metrics, localhost, 405",
    "GET, /metrics, evil.example, 403",
    "GET, /metrics, evil.example:9586, 403",
    "GET, /metrics, [::1]:9586, 200",
    "HEAD, /metrics, 127.0.0.1, 200",
  })
  void nothingElseIsServed(String method, String path, String host, String status)
      throws IOException {
    assertThat(ask(method + " " + path + " HTTP/1.1\nHost: " + host + "\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aTakenPortIsSaidWithItsSetting() {
    assertThatThrownBy(() -> MetricsServer.start(server.address(), () -> Statuses.gateway(0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gatehouse.metrics.address");
  }
}
