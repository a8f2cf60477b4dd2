// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import static org.eclipse.microprofile.openapi.OASFactory.createDiscriminator;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import io.gatehouse.control.Passphrase;
import io.gatehouse.wgquick.SecretKey;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/**
 * What {@link io.gatehouse.control.RecordCodec} writes, as schemas: from the records themselves, so
 * that the document cannot say something else than the socket.
 */
final class Schemas {
  private static final String REFERENCE = "#/components/schemas/";

  private final Map<String, Schema> components = new LinkedHashMap<>();

  /** All records that were asked for, and those that these have in them, by name. */
  Map<String, Schema> components() {
    return components;
  }

  /** Of a type that the codec knows; records are referred to. */
  Schema of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Schema inner = of(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == List.class ? list(inner) : inner;
    }
    if (!(type instanceof Class<?> named)) {
      throw new IllegalArgumentException("no schema for " + type);
    }
    if (named.isArray()) {
      return list(of(named.getComponentType()));
    }
    if (named == String.class) {
      return createSchema().addType(SchemaType.STRING);
    }
    if (named == boolean.class || named == Boolean.class) {
      return createSchema().addType(SchemaType.BOOLEAN);
    }
    if (named == int.class || named == Integer.class) {
      return createSchema().addType(SchemaType.INTEGER).format("int32");
    }
    if (named == long.class || named == Long.class) {
      return createSchema().addType(SchemaType.INTEGER).format("int64");
    }
    if (named == SecretKey.class || named == Passphrase.class) {
      return createSchema().addType(SchemaType.STRING).writeOnly(true);
    }
    if (named.isEnum()) {
      Schema words = createSchema().addType(SchemaType.STRING);
      for (Object constant : named.getEnumConstants()) {
        words.addEnumeration(((Enum<?>) constant).name());
      }
      return words;
    }
    return component(named);
  }

  /** Of a record without some of its members. */
  Schema without(Class<? extends Record> type, Set<String> members) {
    return members.isEmpty() ? of(type) : object(type, members);
  }

  private static Schema list(Schema items) {
    return createSchema().addType(SchemaType.ARRAY).items(items);
  }

  private Schema component(Class<?> type) {
    String name = name(type);
    if (!components.containsKey(name)) {
      // Before it is described, for it may have one like itself in it.
      components.put(name, createSchema());
      components.put(name, type.isRecord() ? object(type, Set.of()) : oneOf(type));
    }
    return createSchema().ref(REFERENCE + name);
  }

  private Schema object(Class<?> type, Set<String> without) {
    Schema object = createSchema().addType(SchemaType.OBJECT);
    for (RecordComponent member : type.getRecordComponents()) {
      if (!without.contains(member.getName())) {
        object.addProperty(member.getName(), of(member.getGenericType()));
        if (member.getType() != Optional.class) {
          object.addRequired(member.getName());
        }
      }
    }
    return object;
  }

  /** A sealed interface: one of its records, told apart by a member besides. */
  private Schema oneOf(Class<?> type) {
    if (!type.isSealed()) {
      throw new IllegalArgumentException("no schema for " + type);
    }
    Schema choice = createSchema().discriminator(createDiscriminator().propertyName("kind"));
    for (Class<?> each : type.getPermittedSubclasses()) {
      String kind = each.getSimpleName();
      Schema variant = object(each, Set.of());
      variant.addProperty(
          "kind",
          createSchema()
              .addType(SchemaType.STRING)
              .addEnumeration(kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1)));
      variant.addRequired("kind");
      components.put(name(each), variant);
      choice.addOneOf(createSchema().ref(REFERENCE + name(each)));
    }
    return choice;
  }

  /** Such as {@code EditStep.Set}: a simple name alone might be that of two. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }
}
