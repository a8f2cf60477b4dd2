// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.control.PeerState;
import io.gatehouse.control.TunnelStatus;
import io.gatehouse.webapp.Request;
import io.gatehouse.webapp.live.Census;
import io.gatehouse.webapp.live.Live;
import io.gatehouse.webapp.peers.PeerQuery.Order;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.util.List;
import java.util.Locale;

/**
 * Peers of all tunnels, a page at a time. What is wanted stands in the address, so that a view can
 * be kept as a bookmark and sent to somebody.
 */
@Named
@RequestScoped
public class PeersPage {
  private static final int SIZE = 50;

  @Inject private Live live;
  private PeerQuery query;
  private List<PeerQuery.Row> found;
  private int page;

  @PostConstruct
  void look() {
    query =
        PeerQuery.of(
            Request.parameter("q"),
            Request.parameter("tunnel"),
            Request.parameter("state"),
            Request.parameter("sort"),
            Request.parameter("desc"));
    found = query.in(live.now().tunnels());
    String number = Request.parameter("page");
    page =
        Math.clamp(
            number.matches("[0-9]{1,6}") ? Integer.parseInt(number) - 1L : 0, 0, getPages() - 1);
  }

  /** The peers of this page. */
  public List<PeerQuery.Row> getRows() {
    int from = page * SIZE;
    return found.subList(from, Math.min(from + SIZE, found.size()));
  }

  /** How many match. */
  public int getCount() {
    return found.size();
  }

  /** How many there are. */
  public int getTotal() {
    return getTunnels().stream().mapToInt(tunnel -> tunnel.peers().size()).sum();
  }

  /** The tunnels to choose from. */
  public List<TunnelStatus> getTunnels() {
    return live.now().tunnels();
  }

  /** The states to choose from. */
  public List<PeerState> getStates() {
    return Census.ORDER;
  }

  /** How many pages there are, at least one. */
  public int getPages() {
    return Math.max(1, (found.size() + SIZE - 1) / SIZE);
  }

  /** The number of this page, from 1. */
  public int getPage() {
    return page + 1;
  }

  /** The address of another page of the same peers. */
  public String pageAddress(int number) {
    return address(query.order(), query.descending()) + "&page=" + number;
  }

  /** The address of the same peers in another order; the same order is turned round. */
  public String sortAddress(String name) {
    Order order = Order.of(name);
    boolean again = order == query.order();
    return address(order, again ? !query.descending() : order.isLargestFirst());
  }

  /** For {@code aria-sort}. */
  public String sorted(String name) {
    return Order.of(name) != query.order()
        ? "none"
        : query.descending() ? "descending" : "ascending";
  }

  private String address(Order order, boolean descending) {
    return "/peers?" + queryString(order, descending);
  }

  private String queryString(Order order, boolean descending) {
    return "q="
        + URLEncoder.encode(query.text(), UTF_8)
        + "&tunnel="
        + URLEncoder.encode(query.tunnel(), UTF_8)
        + "&state="
        + getState()
        + "&sort="
        + order.name().toLowerCase(Locale.ROOT)
        + "&desc="
        + descending;
  }

  /** All that match, in order. */
  List<PeerQuery.Row> getFound() {
    return found;
  }

  /** What is wanted, as the address says it. */
  public String getQueryString() {
    return queryString(query.order(), query.descending());
  }

  public String getText() {
    return query.text();
  }

  public String getTunnel() {
    return query.tunnel();
  }

  public String getState() {
    return query.state().map(Enum::name).orElse("");
  }

  public String getSort() {
    return query.order().name().toLowerCase(Locale.ROOT);
  }

  public boolean isDescending() {
    return query.descending();
  }
}
