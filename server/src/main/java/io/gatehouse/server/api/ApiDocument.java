// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponse;
import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponses;
import static org.eclipse.microprofile.openapi.OASFactory.createComponents;
import static org.eclipse.microprofile.openapi.OASFactory.createContent;
import static org.eclipse.microprofile.openapi.OASFactory.createHeader;
import static org.eclipse.microprofile.openapi.OASFactory.createInfo;
import static org.eclipse.microprofile.openapi.OASFactory.createMediaType;
import static org.eclipse.microprofile.openapi.OASFactory.createOpenAPI;
import static org.eclipse.microprofile.openapi.OASFactory.createOperation;
import static org.eclipse.microprofile.openapi.OASFactory.createParameter;
import static org.eclipse.microprofile.openapi.OASFactory.createPathItem;
import static org.eclipse.microprofile.openapi.OASFactory.createPaths;
import static org.eclipse.microprofile.openapi.OASFactory.createRequestBody;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;
import static org.eclipse.microprofile.openapi.OASFactory.createSecurityRequirement;
import static org.eclipse.microprofile.openapi.OASFactory.createSecurityScheme;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASModelReader;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * The OpenAPI document, which the server shows at {@code /openapi}: from the resources' own
 * annotations and the records that they take and give. Made here and not by the container's
 * scanner, which knows neither {@link Says} nor how {@link io.gatehouse.control.RecordCodec}
 * writes.
 */
public final class ApiDocument implements OASModelReader {
  private static final String TOKEN = "token";
  private static final String OCTETS = MediaType.APPLICATION_OCTET_STREAM;

  /** What a name in an address or a header means, wherever it stands. */
  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("tunnel", "interface name, such as wg0"),
          Map.entry("peer", "public key in base64url (RFC 4648, section 5)"),
          Map.entry("file", "file name, such as wg0.conf"),
          Map.entry("key", "as it stands in files, such as AllowedIPs or gatehouse.expires"),
          Map.entry("revision", "id, its first digits, HEAD or HEAD~1"),
          Map.entry("other", "as revision"),
          Map.entry("before", "only revisions older than this one"),
          Map.entry("user", "user name"),
          Map.entry("view", "name of a view"),
          Map.entry("id", "as lists have it"),
          Map.entry("name", "user name of SNMP"),
          Map.entry("address", "address:port with a literal address"),
          Map.entry("kind", "login, account or gateway; empty for all"),
          Map.entry("result", "done, refused or forbidden; empty for all"),
          Map.entry("q", "what must be found in it, such as a part of a name, key or address"),
          Map.entry("state", "only peers in this state"),
          Map.entry("after", "only peers with a greater number"),
          Map.entry(
              "limit", "so many at most; what is too much is taken for the most there can be"),
          Map.entry("count", "for how many"),
          Map.entry("page", "which page, from 1"),
          Map.entry("source", "literal address"),
          Map.entry("destination", "literal address of the same family"),
          Map.entry("message", "why, for the history"),
          Map.entry("dryRun", "only say what would come of it"),
          Map.entry("If-Match", "the file's version, as its ETag has it"));

  private final Schemas schemas = new Schemas();

  @Override
  public OpenAPI buildModel() {
    Paths paths = createPaths();
    for (Class<?> resource : ConsoleApi.RESOURCES) {
      operations(resource).forEach(method -> add(paths, resource, method));
    }
    return createOpenAPI()
        .info(
            createInfo()
                .title("Gatehouse")
                .version("1")
                .description(
                    "Everything the console can do. Members of objects are explained in"
                        + " docs/control.md, the rest in docs/rest.md."))
        .paths(paths)
        .components(
            createComponents()
                .schemas(schemas.components())
                .addSecurityScheme(
                    TOKEN, createSecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")))
        .addSecurityRequirement(createSecurityRequirement().addScheme(TOKEN));
  }

  /** The methods of a resource that can be called, by name. */
  static Stream<Method> operations(Class<?> resource) {
    return Arrays.stream(resource.getDeclaredMethods())
        .filter(method -> verb(method).isPresent())
        .sorted(Comparator.comparing(Method::getName));
  }

  /** The HTTP method that calls it. */
  static Optional<String> verb(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
        .filter(found -> found != null)
        .map(HttpMethod::value)
        .findFirst();
  }

  /** What its answer says; {@code void} if it says nothing. */
  static java.lang.reflect.Type answer(Method method) {
    APIResponseSchema said = method.getAnnotation(APIResponseSchema.class);
    return said == null ? method.getGenericReturnType() : said.value();
  }

  private void add(Paths paths, Class<?> resource, Method method) {
    Path own = method.getAnnotation(Path.class);
    String path =
        "/api/"
            + resource.getAnnotation(Path.class).value()
            + (own == null ? "" : "/" + own.value());
    PathItem item = paths.getPathItem(path);
    if (item == null) {
      item = createPathItem();
      paths.addPathItem(path, item);
    }
    item.setOperation(
        PathItem.HttpMethod.valueOf(verb(method).orElseThrow()), operation(resource, method));
  }

  private Operation operation(Class<?> resource, Method method) {
    org.eclipse.microprofile.openapi.annotations.Operation said =
        method.getAnnotation(org.eclipse.microprofile.openapi.annotations.Operation.class);
    Needs needs = method.getAnnotation(Needs.class);
    Operation operation =
        createOperation()
            .operationId(said.operationId())
            .summary(said.summary())
            .addTag(resource.getAnnotation(Tag.class).name());
    operation.addExtension("x-action", needs.value().name());
    operation.addExtension("x-role", needs.value().least().word());
    for (java.lang.reflect.Parameter parameter : method.getParameters()) {
      parameter(parameter).ifPresent(operation::addParameter);
      Says body = parameter.getAnnotation(Says.class);
      if (body != null) {
        Schema schema = schemas.without(body.value(), Set.of(body.without()));
        operation.requestBody(
            createRequestBody().required(true).content(of(MediaType.APPLICATION_JSON, schema)));
      }
      if (parameter.getType() == InputStream.class) {
        operation.requestBody(createRequestBody().required(true).content(octets()));
      }
    }
    return operation.responses(responses(method));
  }

  private static Optional<Parameter> parameter(java.lang.reflect.Parameter java) {
    for (Annotation annotation : java.getAnnotations()) {
      switch (annotation) {
        case PathParam path -> {
          return Optional.of(parameter(path.value(), Parameter.In.PATH, java).required(true));
        }
        case QueryParam query -> {
          return Optional.of(parameter(query.value(), Parameter.In.QUERY, java));
        }
        case HeaderParam header -> {
          return Optional.of(parameter(header.value(), Parameter.In.HEADER, java).required(true));
        }
        default -> {
          // Says nothing about where it stands.
        }
      }
    }
    return Optional.empty();
  }

  private static Parameter parameter(
      String name, Parameter.In where, java.lang.reflect.Parameter java) {
    Schema schema = createSchema();
    DefaultValue otherwise = java.getAnnotation(DefaultValue.class);
    boolean given = otherwise != null && !otherwise.value().isEmpty();
    if (java.getType() == Count.class) {
      schema.addType(Schema.SchemaType.INTEGER).minimum(BigDecimal.ONE);
      if (given) {
        schema.defaultValue(Integer.valueOf(otherwise.value()));
      }
    } else if (java.getType() == DryRun.class) {
      schema.addType(Schema.SchemaType.BOOLEAN).defaultValue(false);
    } else {
      schema.addType(Schema.SchemaType.STRING);
    }
    String meaning = MEANINGS.get(name);
    if (meaning == null) {
      throw new IllegalArgumentException("say in MEANINGS what " + name + " means");
    }
    return createParameter().name(name).in(where).description(meaning).schema(schema);
  }

  private APIResponses responses(Method method) {
    APIResponses responses = createAPIResponses();
    java.lang.reflect.Type answer = answer(method);
    Produces produces = method.getAnnotation(Produces.class);
    if (produces != null && List.of(produces.value()).contains(OCTETS)) {
      responses.addAPIResponse(
          "200", createAPIResponse().description("the file").content(octets()));
    } else if (answer == void.class) {
      responses.addAPIResponse("204", createAPIResponse().description("done"));
    } else {
      APIResponse done =
          createAPIResponse()
              .description("what it is now, or would be")
              .content(of(MediaType.APPLICATION_JSON, schemas.of(answer)));
      if (method.getReturnType() == jakarta.ws.rs.core.Response.class) {
        done.addHeader(
            method.getName().equals("listPeers") ? "Link" : "ETag",
            createHeader().schema(createSchema().addType(Schema.SchemaType.STRING)));
      }
      responses.addAPIResponse("200", done);
    }
    boolean conditional =
        Arrays.stream(method.getParameters()).anyMatch(one -> one.getType() == IfMatch.class);
    for (Map.Entry<String, String> problem : problems(conditional)) {
      responses.addAPIResponse(
          problem.getKey(),
          createAPIResponse()
              .description(problem.getValue())
              .content(of(ProblemMapper.MEDIA_TYPE, schemas.of(Problem.Details.class))));
    }
    responses.addAPIResponse(
        "401", createAPIResponse().description("no token, or one that is worth nothing"));
    return responses;
  }

  private static List<Map.Entry<String, String>> problems(boolean conditional) {
    List<Map.Entry<String, String>> all =
        List.of(
            Map.entry("400", "the request does not have the form that it needs"),
            Map.entry("403", "the caller may not"),
            Map.entry("404", "there is no such thing"),
            Map.entry("409", "not as things stand"),
            Map.entry("412", "the file is another version by now"),
            Map.entry("422", "refused; the findings say why"),
            Map.entry("428", "If-Match is missing"),
            Map.entry("503", "there is no data plane to ask"));
    return all.stream().filter(one -> conditional || !one.getKey().equals("428")).toList();
  }

  private static Content octets() {
    return of(OCTETS, createSchema().addType(Schema.SchemaType.STRING).format("binary"));
  }

  private static Content of(String mediaType, Schema schema) {
    return createContent().addMediaType(mediaType, createMediaType().schema(schema));
  }
}
