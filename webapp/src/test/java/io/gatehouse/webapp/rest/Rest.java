// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.rest;

import io.gatehouse.webapp.AnyCertificate;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/** Sends raw requests to the console of an integration test, whose certificate is its own. */
final class Rest {
  static final String BASE = "https://127.0.0.1:" + System.getProperty("it.port");

  /**
   * What came back.
   *
   * @param status of HTTP
   * @param headers by name, as the client has them
   * @param text the body
   */
  record Answer(int status, java.net.http.HttpHeaders headers, String text) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** The body as JSON; null if there is none. */
    JsonValue json() {
      return text.isEmpty() ? JsonValue.NULL : Rest.json(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(AnyCertificate.trusted())
          .build();

  /**
   * Sends one.
   *
   * @param token empty for none
   * @param body empty for none
   */
  Answer send(String method, String path, String token, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(BASE + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::setHeader);
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sends a file, and gives what comes back; fails unless all is well. */
  byte[] octets(String method, String path, String token, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(BASE + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/octet-stream")
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new AssertionError(
            response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
      }
      return response.body();
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static JsonValue json(byte[] octets) {
    try (var reader = Json.createReader(new ByteArrayInputStream(octets))) {
      return reader.readValue();
    }
  }

  Answer get(String path, String token) {
    return send("GET", path, token, Map.of(), "");
  }

  /** As the console keeps a token. */
  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
