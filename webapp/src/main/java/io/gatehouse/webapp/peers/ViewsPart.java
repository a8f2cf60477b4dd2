// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import io.gatehouse.server.views.SavedViews;
import io.gatehouse.server.views.SavedViews.View;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Live;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;

/** The views of the list of peers that a user has given a name. */
@Named
@RequestScoped
public class ViewsPart {
  private static final System.Logger LOG = System.getLogger(ViewsPart.class.getName());

  @Inject private SavedViews views;
  @Inject private Live live;
  @Inject private PeersPage page;
  private String name = "";

  /** Those of the user. */
  public List<View> getAll() {
    return views.of(Request.user());
  }

  /** Keeps what is shown now under a name. */
  public void save() {
    if (name.isEmpty() || name.length() > SavedViews.LONGEST_NAME) {
      Request.complain(live.texts().of("views.name.form", SavedViews.LONGEST_NAME));
      return;
    }
    try {
      if (views.save(Request.user(), new View(name, page.getQueryString()))) {
        Request.tell(live.texts().of("views.saved", name));
      } else {
        Request.complain(live.texts().of("views.most", SavedViews.MOST));
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Forgets one. */
  public void forget(String which) {
    try {
      views.remove(Request.user(), which);
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    LOG.log(System.Logger.Level.WARNING, "views could not be kept: {0}", e.toString());
    Request.complain(live.texts().of("views.failed"));
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name.strip();
  }
}
