// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A browser as far as log-in needs one: it keeps one HTTP session, whose name can change. */
final class FakeBrowser {
  private final String address;
  private @Nullable Map<String, Object> attributes;
  private int number;

  FakeBrowser(String address) {
    this.address = address;
  }

  /** Whether the server has ended the session. */
  boolean isEnded() {
    return attributes == null;
  }

  /** How often the session got another name. */
  int renamed() {
    return number;
  }

  HttpServletRequest request() {
    return fake(
        HttpServletRequest.class,
        (proxy, method, words) ->
            switch (method.getName()) {
              case "getSession" -> session(words == null || (boolean) words[0]);
              case "changeSessionId" -> "session " + ++number;
              case "getRemoteAddr" -> address;
              case "getHeader" -> "Firefox";
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private @Nullable HttpSession session(boolean make) {
    if (attributes == null && make) {
      attributes = new HashMap<>();
    }
    Map<String, Object> known = attributes;
    return known == null
        ? null
        : fake(
            HttpSession.class,
            (proxy, method, words) ->
                switch (method.getName()) {
                  case "getId" -> "session " + number;
                  case "getAttribute" -> known.get((String) words[0]);
                  case "setAttribute" -> known.put((String) words[0], words[1]);
                  case "removeAttribute" -> known.remove((String) words[0]);
                  case "invalidate" -> {
                    attributes = null;
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private static <T> T fake(Class<T> type, InvocationHandler answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
  }
}
