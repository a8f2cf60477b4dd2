// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.live;

import io.gatehouse.webapp.Languages;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where pages hear of changes. Only for users. A browser says once, and after each change of its
 * page, which subjects the page shows: their names, each on a line.
 */
@Dependent
@ServerEndpoint(value = "/push", configurator = PushEndpoint.Handshake.class)
public class PushEndpoint {
  private static final System.Logger LOG = System.getLogger(PushEndpoint.class.getName());
  private static final String HTTP_SESSION = "gatehouse.http-session";
  private static final String LANGUAGE = "gatehouse.language";
  private static final int LONGEST_MESSAGE = 32 << 10;

  @Inject private Browsers browsers;

  @OnOpen
  public void open(Session browser, EndpointConfig config) throws IOException {
    Map<String, Object> properties = config.getUserProperties();
    if (browser.getUserPrincipal() == null
        || !(properties.get(HTTP_SESSION) instanceof String httpSession)
        || !(properties.get(LANGUAGE) instanceof Locale language)) {
      browser.close(new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "not for you"));
      return;
    }
    browser.setMaxIdleTimeout(0);
    browser.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
    browsers.add(browser, httpSession, language);
  }

  @OnMessage
  public void watch(Session browser, String names) {
    browsers.watch(
        browser,
        // The gateway's name is empty, so a line may be.
        Stream.of(names.split("\n", -1))
            .map(Subject::parse)
            .flatMap(Optional::stream)
            .distinct()
            .limit(Watcher.MOST)
            .toList());
  }

  @OnClose
  public void close(Session browser) {
    browsers.remove(browser);
  }

  @OnError
  public void fail(Session browser, Throwable trouble) {
    // A browser that goes without a word is no trouble of ours.
    LOG.log(System.Logger.Level.DEBUG, "a browser's connection broke", trouble);
    browsers.remove(browser);
  }

  /** Notes whose session it is, before there is a connection. */
  public static class Handshake extends ServerEndpointConfig.Configurator {
    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      if (request.getHttpSession() instanceof HttpSession session) {
        config.getUserProperties().put(HTTP_SESSION, session.getId());
        config
            .getUserProperties()
            .put(
                LANGUAGE,
                Languages.choose(
                    cookie(header(request, "Cookie")), header(request, "Accept-Language")));
      }
    }

    private static String header(HandshakeRequest request, String name) {
      return request.getHeaders().getOrDefault(name, List.of()).stream().findFirst().orElse("");
    }

    private static String cookie(String cookies) {
      return Stream.of(cookies.split(";\\s*"))
          .filter(cookie -> cookie.startsWith(Languages.COOKIE + "="))
          .map(cookie -> cookie.substring(Languages.COOKIE.length() + 1))
          .findFirst()
          .orElse("");
    }
  }
}
