// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;

/**
 * A page that is asked for again only to renew a part of it (by {@code renew} of theme.js, which
 * says so in a header) leaves no view behind: the forms of the page that is shown go on with its
 * own. Views are kept for a session in a limited number, so a page that renewed itself for ten
 * minutes would push out its own, and nothing on it could be pressed any more.
 */
public class Renewals implements PhaseListener {
  private static final long serialVersionUID = 1;
  private static final String HEADER = "Gatehouse-Part";

  @Override
  public PhaseId getPhaseId() {
    return PhaseId.RENDER_RESPONSE;
  }

  @Override
  public void beforePhase(PhaseEvent event) {
    FacesContext context = event.getFacesContext();
    if (isRenewal(context) && context.getViewRoot() != null) {
      context.getViewRoot().setTransient(true);
    }
  }

  /** Nor do the beans of such a view stay. */
  @Override
  public void afterPhase(PhaseEvent event) {
    UIViewRoot view = event.getFacesContext().getViewRoot();
    if (view != null && isRenewal(event.getFacesContext()) && view.getViewMap(false) != null) {
      view.getViewMap(false).clear();
    }
  }

  private static boolean isRenewal(FacesContext context) {
    return !context.isPostback()
        && context.getExternalContext().getRequestHeaderMap().containsKey(HEADER);
  }
}
