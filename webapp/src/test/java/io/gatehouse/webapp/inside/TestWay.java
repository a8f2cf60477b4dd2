// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.inside;

import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.arquillian.container.test.spi.client.protocol.Protocol;
import org.jboss.arquillian.container.test.spi.command.CommandCallback;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.protocol.servlet5.ServletMethodExecutor;
import org.jboss.arquillian.protocol.servlet5.ServletProtocolConfiguration;
import org.jboss.arquillian.protocol.servlet5.v_5.ServletProtocol;

/** Has Arquillian ask for tests at the {@link TestDoor}; it would take the root of the console. */
public final class TestWay implements LoadableExtension {
  @Override
  public void register(ExtensionBuilder builder) {
    builder.override(Protocol.class, ServletProtocol.class, ToTheDoor.class);
  }

  /** Made by Arquillian. */
  public static final class ToTheDoor extends ServletProtocol {
    @Override
    public ServletMethodExecutor getExecutor(
        ServletProtocolConfiguration configuration,
        ProtocolMetaData metaData,
        CommandCallback callback) {
      HTTPContext server = new HTTPContext(configuration.getHost(), configuration.getPort());
      server.add(new Servlet(TestDoor.NAME, TestDoor.ROOT));
      return super.getExecutor(configuration, new ProtocolMetaData().addContext(server), callback);
    }
  }
}
