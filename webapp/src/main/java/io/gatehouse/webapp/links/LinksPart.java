// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.links;

import io.gatehouse.server.handover.Links;
import io.gatehouse.server.security.Forbidden;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;

/** The links that wait for whoever gets them. */
@Named
@RequestScoped
public class LinksPart {
  private static final System.Logger LOG = System.getLogger(LinksPart.class.getName());

  @Inject private Links links;
  @Inject private Live live;

  /** Those that wait, the first to end first; none for who may not make any. */
  public List<Links.Link> getAll() {
    try {
      return links.list();
    } catch (Forbidden e) {
      return List.of();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "links cannot be read: {0}", e.toString());
      return List.of();
    }
  }

  /** Takes one back. */
  public void revoke(String handle) {
    try {
      links.revoke(handle);
      Request.tell(live.texts().of("links.revoked"));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a link could not be taken back: {0}", e.toString());
      Request.complain(live.texts().of("links.failed"));
    }
  }
}
