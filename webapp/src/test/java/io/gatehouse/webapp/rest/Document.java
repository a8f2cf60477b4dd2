// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.rest;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** An OpenAPI document: its operations, values that its schemas allow, and what they do not. */
final class Document {
  private static final Set<String> VERBS = Set.of("get", "put", "post", "delete", "patch");
  private static final List<String> WORDS = List.of("x", "café", "a b", "%2e%2e", "<&>", "0");

  /**
   * Something that can be asked for.
   *
   * @param verb of HTTP, in capitals
   * @param path with names in braces
   * @param json as the document has it
   */
  record Operation(String verb, String path, JsonObject json) {
    String id() {
      return json.getString("operationId", "");
    }

    List<JsonObject> parameters(String where) {
      return json.containsKey("parameters")
          ? json.getJsonArray("parameters").getValuesAs(JsonObject.class).stream()
              .filter(parameter -> parameter.getString("in").equals(where))
              .toList()
          : List.of();
    }

    JsonObject responses() {
      return json.getJsonObject("responses");
    }

    /** Whether it takes JSON. */
    boolean hasBody() {
      return json.containsKey("requestBody") && !takesOctets();
    }

    /** Whether it takes a file. */
    boolean takesOctets() {
      return json.containsKey("requestBody") && isFile(json.getJsonObject("requestBody"));
    }

    /** Whether it gives a file. */
    boolean givesOctets() {
      return responses().containsKey("200") && isFile(responses().getJsonObject("200"));
    }

    private static boolean isFile(JsonObject bearer) {
      return bearer.containsKey("content")
          && bearer.getJsonObject("content").containsKey("application/octet-stream");
    }

    JsonObject bodySchema() {
      return schema(json.getJsonObject("requestBody"), "application/json");
    }

    @Override
    public String toString() {
      return verb + " " + path;
    }
  }

  private final JsonObject json;
  private final Map<String, String> known;

  /**
   * Takes one apart.
   *
   * @param known values for members that must name something that is there
   */
  Document(JsonObject json, Map<String, String> known) {
    this.json = json;
    this.known = known;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    json.getJsonObject("paths")
        .forEach(
            (path, item) ->
                item.asJsonObject()
                    .forEach(
                        (verb, operation) -> {
                          if (VERBS.contains(verb)) {
                            operations.add(
                                new Operation(
                                    verb.toUpperCase(Locale.ROOT), path, operation.asJsonObject()));
                          }
                        }));
    return operations;
  }

  /** The schema of a body or an answer in that media type. */
  static JsonObject schema(JsonObject bearer, String mediaType) {
    return bearer.getJsonObject("content").getJsonObject(mediaType).getJsonObject("schema");
  }

  /** Some value that a schema allows. */
  JsonValue make(JsonObject schema, String name, Random random) {
    JsonObject meant = resolve(schema);
    if (meant.containsKey("oneOf")) {
      JsonArray choices = meant.getJsonArray("oneOf");
      return make(choices.getJsonObject(random.nextInt(choices.size())), name, random);
    }
    if (meant.containsKey("enum")) {
      JsonArray words = meant.getJsonArray("enum");
      return words.get(random.nextInt(words.size()));
    }
    return switch (type(meant)) {
      case "string" -> Json.createValue(text(meant, name, random));
      case "boolean" -> random.nextBoolean() ? JsonValue.TRUE : JsonValue.FALSE;
      case "integer" -> Json.createValue(random.nextInt(1, 1000));
      case "array" -> {
        var array = Json.createArrayBuilder();
        for (int i = random.nextInt(1, 3); i > 0; i--) {
          array.add(make(meant.getJsonObject("items"), name, random));
        }
        yield array.build();
      }
      case "object" -> {
        JsonObjectBuilder object = Json.createObjectBuilder();
        meant
            .getJsonObject("properties")
            .forEach(
                (member, its) -> {
                  if (required(meant).contains(member)
                      || known.containsKey(member)
                      || random.nextBoolean()) {
                    object.add(member, make(its.asJsonObject(), member, random));
                  }
                });
        yield object.build();
      }
      default -> throw new AssertionError("no value for " + schema);
    };
  }

  private String text(JsonObject schema, String name, Random random) {
    if (schema.getBoolean("writeOnly", false) && name.equals("presharedKey")) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      return Base64.getEncoder().encodeToString(key);
    }
    return known.getOrDefault(name, WORDS.get(random.nextInt(WORDS.size())));
  }

  /** The names of members without which a body is none. */
  List<String> required(JsonObject schema) {
    JsonObject meant = resolve(schema);
    return meant.containsKey("required")
        ? meant.getJsonArray("required").getValuesAs(JsonString::getString)
        : List.of();
  }

  /** What a value has that its schema does not allow; empty if nothing. */
  List<String> complaints(JsonValue value, JsonObject schema, String where) {
    JsonObject meant = resolve(schema);
    List<String> complaints = new ArrayList<>();
    if (meant.containsKey("oneOf")) {
      boolean one =
          meant.getJsonArray("oneOf").getValuesAs(JsonObject.class).stream()
              .anyMatch(each -> complaints(value, each, where).isEmpty());
      if (!one) {
        complaints.add(where + " is none of those it may be");
      }
      return complaints;
    }
    if (meant.containsKey("enum") && !meant.getJsonArray("enum").contains(value)) {
      complaints.add(where + " is none of the words");
    }
    boolean right =
        switch (type(meant)) {
          case "string" -> value instanceof JsonString;
          case "boolean" -> value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE);
          case "integer" -> value instanceof JsonNumber number && number.isIntegral();
          case "array" -> value instanceof JsonArray;
          case "object" -> value instanceof JsonObject;
          default -> false;
        };
    if (!right) {
      complaints.add(where + " is no " + type(meant));
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        complaints.addAll(
            complaints(array.get(i), meant.getJsonObject("items"), where + "[" + i + "]"));
      }
    } else if (value instanceof JsonObject object) {
      for (String member : required(meant)) {
        if (!object.containsKey(member)) {
          complaints.add(where + "." + member + " is missing");
        }
      }
      object.forEach(
          (member, its) -> {
            JsonObject expected = meant.getJsonObject("properties").getJsonObject(member);
            if (expected == null) {
              complaints.add(where + "." + member + " is not in the document");
            } else {
              complaints.addAll(complaints(its, expected, where + "." + member));
            }
          });
    }
    return complaints;
  }

  private JsonObject resolve(JsonObject schema) {
    return schema.containsKey("$ref")
        ? resolve(
            json.getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject(
                    schema.getString("$ref").substring("#/components/schemas/".length())))
        : schema;
  }

  private static String type(JsonObject schema) {
    JsonValue type = schema.get("type");
    return type instanceof JsonArray array ? array.getString(0) : ((JsonString) type).getString();
  }
}
