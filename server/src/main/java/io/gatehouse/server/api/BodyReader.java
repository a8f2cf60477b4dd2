// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Reads a {@link Body}: a JSON object, in UTF-8, of at most as many octets as the socket takes. */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class BodyReader implements MessageBodyReader<Body> {
  /** As the control socket; see docs/control.md. */
  private static final int LARGEST = 8 << 20;

  private static final JsonProvider JSON = JsonProvider.provider();

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
    return type == Body.class;
  }

  @Override
  public Body readFrom(
      Class<Body> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream stream)
      throws IOException {
    byte[] octets = stream.readNBytes(LARGEST + 1);
    if (octets.length > LARGEST) {
      throw new Problem(
          Response.Status.REQUEST_ENTITY_TOO_LARGE, "a body has at most " + LARGEST + " octets");
    }
    if (octets.length == 0) {
      return Body.EMPTY;
    }
    try (var reader = JSON.createReader(new ByteArrayInputStream(octets))) {
      if (reader.readValue() instanceof JsonObject object) {
        return new Body(object);
      }
    } catch (JsonException e) {
      // Its message may quote what stands there.
      throw new Problem(Response.Status.BAD_REQUEST, "the body is no JSON");
    }
    throw new Problem(Response.Status.BAD_REQUEST, "the body must be a JSON object");
  }
}
