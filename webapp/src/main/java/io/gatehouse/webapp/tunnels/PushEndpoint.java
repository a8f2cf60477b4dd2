// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.tunnels;

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
import java.util.Map;

/** Where the tunnels page hears of changes. Only for users; a browser says nothing here. */
@Dependent
@ServerEndpoint(value = "/push/tunnels", configurator = PushEndpoint.Handshake.class)
public class PushEndpoint {
  private static final System.Logger LOG = System.getLogger(PushEndpoint.class.getName());
  private static final String HTTP_SESSION = "gatehouse.http-session";

  @Inject private Browsers browsers;

  @OnOpen
  public void open(Session browser, EndpointConfig config) throws IOException {
    Map<String, Object> properties = config.getUserProperties();
    if (browser.getUserPrincipal() == null
        || !(properties.get(HTTP_SESSION) instanceof String httpSession)) {
      browser.close(new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "not for you"));
      return;
    }
    browser.setMaxIdleTimeout(0);
    browser.setMaxTextMessageBufferSize(64);
    browsers.add(browser, httpSession);
  }

  @OnMessage
  public void refuse(Session browser, String message) throws IOException {
    browser.close(new CloseReason(CloseReason.CloseCodes.CANNOT_ACCEPT, "nothing is expected"));
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
      }
    }
  }
}
