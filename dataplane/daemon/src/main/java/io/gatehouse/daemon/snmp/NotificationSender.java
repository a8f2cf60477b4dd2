// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.SnmpTarget;
import io.gatehouse.daemon.events.Event;
import io.gatehouse.daemon.events.EventSink;
import io.gatehouse.daemon.snmp.NotificationTargets.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.UserTarget;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.event.ResponseListener;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * Sends events as SNMPv3 notifications with authentication and privacy. A trap is vouched for by
 * one of the agent's users; an inform by a user of the receiver's, who acknowledges it.
 *
 * <p>Has a socket of its own, on a port that the system chooses, and only while there is a target.
 * Thread-safe.
 */
final class NotificationSender implements EventSink, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NotificationSender.class.getName());

  private static final long INFORM_MILLIS = 2_000;
  private static final int INFORM_RETRIES = 3;
  private static final long DISCOVERY_MILLIS = 3_000;

  private final Engine engine;
  private final NotificationTargets stored;
  private final Notifications notifications;
  private final USM usm;
  private final MPv3 mpv3;

  /** Targets of which was said that they do not acknowledge. */
  private final Map<InetSocketAddress, Boolean> silent = new ConcurrentHashMap<>();

  /** Targets for traps that the settings name, beside those stored. */
  private volatile List<Target> configured = List.of();

  /** Those for informs. */
  private final SettingsReceivers receivers = new SettingsReceivers();

  private List<SnmpUsers.User> users = List.of();
  private @Nullable Snmp session;

  /** A sender to the targets that are stored. */
  NotificationSender(Engine engine, NotificationTargets stored, Notifications notifications) {
    this.engine = engine;
    this.stored = stored;
    this.notifications = notifications;
    // An engine of its own for the library, so that receivers' keys never serve an inbound request.
    SecurityProtocols protocols = Protection.protocols();
    CounterSupport counting = new CounterSupport();
    usm = new USM(protocols, new OctetString(engine.id()), engine.boots(), counting);
    mpv3 =
        new MPv3(
            engine.id(),
            null,
            protocols,
            SecurityModels.getCollection(new SecurityModel[] {usm}),
            counting);
  }

  /** The agent's users now. */
  synchronized void users(Collection<SnmpUsers.User> now) {
    users = List.copyOf(now);
    renewKeys();
  }

  /** Has these targets beside those that are stored. */
  void configure(List<Target> traps, List<SettingsReceivers.Inform> informs) throws IOException {
    configured = List.copyOf(traps);
    receivers.configure(informs);
    synchronized (this) {
      renewKeys();
    }
    closeIfIdle();
  }

  /** Asks receivers that the settings name for their engine IDs; blocks where one is silent. */
  void findReceivers() {
    for (SettingsReceivers.Inform missing : receivers.missing()) {
      try {
        receivers.found(missing, engineOf(missing.address()));
        synchronized (this) {
          renewKeys();
        }
        silent.remove(missing.address());
      } catch (IOException | IllegalArgumentException e) {
        silent(missing.address(), e.getMessage());
      }
    }
  }

  /** How many targets the settings name. */
  int configuredTargets() {
    return configured.size() + receivers.targets().size() + receivers.missing().size();
  }

  /** Targets of the settings, then those stored, as far as something can be sent to them. */
  List<Target> targets() {
    List<Target> all = new ArrayList<>(configured);
    all.addAll(receivers.targets());
    all.addAll(stored.list());
    return all;
  }

  /** All of them, for people. */
  List<SnmpTarget> listed() {
    List<SnmpTarget> all = new ArrayList<>();
    configured.forEach(target -> all.add(listed(target)));
    receivers.targets().forEach(target -> all.add(listed(target)));
    receivers
        .missing()
        .forEach(
            inform ->
                all.add(
                    new SnmpTarget(
                        NotificationTargets.text(inform.address()), inform.user().name(), true)));
    stored.list().forEach(target -> all.add(listed(target)));
    return all;
  }

  private static SnmpTarget listed(Target target) {
    return new SnmpTarget(
        NotificationTargets.text(target.address()), target.user(), target.receiver().isPresent());
  }

  /**
   * Adds a target for traps.
   *
   * @throws IllegalArgumentException if the agent has no such user, or there are too many targets
   */
  void addTrap(InetSocketAddress address, String user) throws IOException {
    synchronized (this) {
      if (users.stream().noneMatch(known -> known.name().equals(user))) {
        throw new IllegalArgumentException(
            "there is no SNMP user '" + user + "'; add it first (gatehouse snmp user add)");
      }
    }
    stored.add(new Target(address, user, Optional.empty()));
  }

  /**
   * Adds a target for informs, after asking it for its engine ID.
   *
   * @throws IllegalArgumentException if it does not answer, or there are too many targets
   */
  void addInform(
      InetSocketAddress address,
      String user,
      Protection protection,
      String authPassphrase,
      String privPassphrase)
      throws IOException {
    byte[] receiver = engineOf(address);
    List<OctetString> keys = protection.localised(authPassphrase, privPassphrase, receiver);
    SnmpUsers.User known = new SnmpUsers.User(user, protection, keys.get(0), keys.get(1));
    stored.add(
        new Target(
            address,
            user,
            Optional.of(new NotificationTargets.Receiver(new OctetString(receiver), known))));
    synchronized (this) {
      renewKeys();
    }
  }

  private byte[] engineOf(InetSocketAddress address) throws IOException {
    byte[] receiver = session().discoverAuthoritativeEngineID(udp(address), DISCOVERY_MILLIS);
    if (receiver == null) {
      closeIfIdle();
      throw new IllegalArgumentException(
          NotificationTargets.text(address)
              + " does not say its engine ID; see that it receives SNMPv3 there");
    }
    return receiver;
  }

  /** Removes a stored target; whether it was there. */
  boolean remove(InetSocketAddress address) throws IOException {
    boolean removed = stored.remove(address);
    closeIfIdle();
    return removed;
  }

  private void renewKeys() {
    usm.removeAllUsers();
    users.forEach(user -> know(engine.id(), user));
    for (Target target : targets()) {
      target.receiver().ifPresent(to -> know(to.engine().getValue(), to.user()));
    }
  }

  private void know(byte[] at, SnmpUsers.User user) {
    usm.addLocalizedUser(
        at,
        new OctetString(user.name()),
        user.protection().authId(),
        user.authKey().getValue(),
        user.protection().privId(),
        user.privKey().getValue());
  }

  private synchronized Snmp session() throws IOException {
    Snmp open = session;
    if (open == null) {
      MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
      dispatcher.addMessageProcessingModel(mpv3);
      // By its port alone it would be bound to what this machine's name stands for, such as
      // 127.0.1.1.
      UdpAddress any = new UdpAddress(new InetSocketAddress(0).getAddress(), 0);
      open = new Snmp(dispatcher, new DefaultUdpTransportMapping(any));
      open.listen();
      renewKeys();
      session = open;
    }
    return open;
  }

  private synchronized void closeIfIdle() throws IOException {
    Snmp open = session;
    if (open != null && targets().isEmpty()) {
      session = null;
      open.close();
    }
  }

  @Override
  public boolean isWanted() {
    return !targets().isEmpty();
  }

  @Override
  public void accept(Event event) {
    for (Target target : targets()) {
      try {
        send(event, target);
      } catch (IOException e) {
        silent(target.address(), e.getMessage());
      }
    }
  }

  private void send(Event event, Target to) throws IOException {
    UserTarget<Address> target = new UserTarget<>();
    target.setAddress(udp(to.address()));
    target.setVersion(SnmpConstants.version3);
    target.setSecurityLevel(SecurityLevel.AUTH_PRIV);
    target.setSecurityModel(SecurityModel.SECURITY_MODEL_USM);
    target.setSecurityName(new OctetString(to.user()));
    ScopedPDU pdu = new ScopedPDU();
    pdu.setContextEngineID(new OctetString(engine.id()));
    notifications.variables(event).forEach(pdu::add);
    if (to.receiver().isPresent()) {
      pdu.setType(PDU.INFORM);
      target.setAuthoritativeEngineID(to.receiver().get().engine().getValue());
      target.setTimeout(INFORM_MILLIS);
      target.setRetries(INFORM_RETRIES);
      session().send(pdu, target, to, acknowledgement(event));
    } else {
      pdu.setType(PDU.NOTIFICATION);
      target.setAuthoritativeEngineID(engine.id());
      session().send(pdu, target);
    }
  }

  private ResponseListener acknowledgement(Event event) {
    return new ResponseListener() {
      @Override
      public <A extends Address> void onResponse(ResponseEvent<A> answer) {
        // The library goes on to wait for answers unless it is told not to.
        ((Snmp) answer.getSource()).cancel(answer.getRequest(), this);
        if (answer.getUserObject() instanceof Target target) {
          PDU response = answer.getResponse();
          if (response == null) {
            silent(target.address(), event.name() + " was not acknowledged");
          } else if (response.getType() == PDU.REPORT) {
            receivers.doubt(target.address());
            silent(
                target.address(),
                "it reports " + response.getVariableBindings() + ": add it again with its keys");
          } else {
            silent.remove(target.address());
          }
        }
      }
    };
  }

  private void silent(InetSocketAddress target, @Nullable String why) {
    if (silent.putIfAbsent(target, true) == null) {
      LOG.warning(
          "SNMP notifications do not arrive at " + NotificationTargets.text(target) + ": " + why);
    }
  }

  private static UdpAddress udp(InetSocketAddress address) {
    return new UdpAddress(address.getAddress(), address.getPort());
  }

  @Override
  public synchronized void close() {
    Snmp open = session;
    session = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warning("closing the socket of SNMP notifications: " + e.getMessage());
      }
    }
  }
}
