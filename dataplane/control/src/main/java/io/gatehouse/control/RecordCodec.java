// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import io.gatehouse.wgquick.SecretKey;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of this package as JSON: an object with one member per component, in order. An empty
 * {@link Optional} is left out; an enum is its name; a record of a sealed interface has the member
 * {@code kind} besides, its name beginning in lower case; secrets are written in clear, since the
 * socket is the one place where they must travel. Stateless and safe for any thread.
 */
public final class RecordCodec {
  // Found once: Json.createValue() looks for a provider each time, which takes many seconds for
  // thousands of peers. A provider may be used by any thread.
  private static final JsonProvider JSON = JsonProvider.provider();

  /** Says which of a sealed interface's records it is. */
  private static final String KIND = "kind";

  private RecordCodec() {}

  /**
   * The JSON form of a record, list, enum, string, number, boolean or secret.
   *
   * @throws IllegalArgumentException for any other type
   */
  public static JsonValue write(Object value) {
    return switch (value) {
      case String text -> JSON.createValue(text);
      case Integer number -> JSON.createValue(number);
      case Long number -> JSON.createValue(number);
      case Boolean truth -> truth ? JsonValue.TRUE : JsonValue.FALSE;
      case Enum<?> constant -> JSON.createValue(constant.name());
      case SecretKey key -> JSON.createValue(key.revealBase64());
      case Passphrase passphrase -> JSON.createValue(new String(passphrase.reveal()));
      case List<?> list -> {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        list.forEach(element -> array.add(write(element)));
        yield array.build();
      }
      case Record structure -> {
        JsonObjectBuilder object = JSON.createObjectBuilder();
        if (Arrays.stream(structure.getClass().getInterfaces()).anyMatch(Class::isSealed)) {
          object.add(KIND, kind(structure.getClass()));
        }
        for (RecordComponent component : structure.getClass().getRecordComponents()) {
          switch (component(structure, component)) {
            case Optional<?> optional ->
                optional.ifPresent(present -> object.add(component.getName(), write(present)));
            case Object present -> object.add(component.getName(), write(present));
          }
        }
        yield object.build();
      }
      default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
    };
  }

  /**
   * Reads a record. Members that the record does not know are passed over, so that the two
   * processes may differ by a version.
   *
   * @throws IllegalArgumentException with a message that names the member and quotes no value
   */
  public static <T extends Record> T read(JsonValue json, Class<T> type) {
    return type.cast(read(json, type, type.getSimpleName()));
  }

  private static Object component(Record structure, RecordComponent component) {
    try {
      return component.getAccessor().invoke(structure);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot read " + component, e);
    }
  }

  static Object read(JsonValue json, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return json.equals(JsonValue.NULL)
            ? Optional.empty()
            : Optional.of(read(json, argument, path));
      }
      if (generic.getRawType() == List.class) {
        JsonArray array = expect(json, JsonArray.class, path, "an array");
        List<Object> list = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
          list.add(read(array.get(i), argument, path + "[" + i + "]"));
        }
        return list;
      }
    }
    if (type == String.class) {
      return expect(json, JsonString.class, path, "a string").getString();
    }
    if (type == boolean.class || type == Boolean.class) {
      if (json.equals(JsonValue.TRUE) || json.equals(JsonValue.FALSE)) {
        return json.equals(JsonValue.TRUE);
      }
      throw new IllegalArgumentException(path + " must be true or false");
    }
    boolean wide = type == long.class || type == Long.class;
    if (wide || type == int.class || type == Integer.class) {
      JsonNumber number = expect(json, JsonNumber.class, path, "a whole number");
      try {
        return wide ? (Object) number.longValueExact() : (Object) number.intValueExact();
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(path + " must be a whole number in range");
      }
    }
    if (type == SecretKey.class) {
      try {
        return SecretKey.parse(expect(json, JsonString.class, path, "a key").getString());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(path + ": " + e.getMessage());
      }
    }
    if (type == Passphrase.class) {
      return Passphrase.of(
          expect(json, JsonString.class, path, "a string").getString().toCharArray());
    }
    if (type instanceof Class<?> named && named.isEnum()) {
      String name = expect(json, JsonString.class, path, "a string").getString();
      for (Object constant : named.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(path + " is none of the known words");
    }
    if (type instanceof Class<?> named && named.isRecord()) {
      return readRecord(expect(json, JsonObject.class, path, "an object"), named, path);
    }
    if (type instanceof Class<?> named && named.isSealed()) {
      JsonObject object = expect(json, JsonObject.class, path, "an object");
      String kind =
          expect(object.get(KIND), JsonString.class, path + "." + KIND, "a string").getString();
      for (Class<?> each : named.getPermittedSubclasses()) {
        if (kind(each).equals(kind)) {
          return readRecord(object, each, path);
        }
      }
      throw new IllegalArgumentException(path + "." + KIND + " is none of the known words");
    }
    throw new IllegalArgumentException("no JSON form for " + type);
  }

  private static String kind(Class<?> type) {
    String name = type.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static Object readRecord(JsonObject object, Class<?> type, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      types[i] = components[i].getType();
      JsonValue member = object.get(name);
      if (member == null && types[i] != Optional.class) {
        throw new IllegalArgumentException(path + "." + name + " is missing");
      }
      values[i] =
          member == null
              ? Optional.empty()
              : read(member, components[i].getGenericType(), path + "." + name);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(path + " has a value out of range", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot make " + type, e);
    }
  }

  private static <T extends JsonValue> T expect(
      @Nullable JsonValue json, Class<T> type, String path, String words) {
    if (!type.isInstance(json)) {
      throw new IllegalArgumentException(path + " must be " + words);
    }
    return type.cast(json);
  }
}
