// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.SnmpRefusal;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.daemon.events.EventSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.agent.DefaultMOServer;
import org.snmp4j.agent.DuplicateRegistrationException;
import org.snmp4j.event.CounterListener;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.DefaultCounterListener;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * The SNMP agent. It has a socket only while there is a user, speaks SNMPv3 with HMAC-SHA-2 and AES
 * only, unless SNMPv2c was switched on for listed sources, and answers every SET with noAccess.
 *
 * <p>One thread receives, decides and answers, so that stations, however many, take at most one
 * core from the packet path. Thread-safe. Everything of SNMP4J that would be shared within the
 * process is built anew for each agent.
 */
public final class SnmpAgent implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SnmpAgent.class);

  private final InetSocketAddress address;
  private final Engine engine;
  private final USM usm;
  private final MessageDispatcherImpl dispatcher;
  private final List<LiveTable<?>> tables;
  private final Responder responder;

  /** Whether there is a socket even without a user. */
  private final boolean always;

  private final SnmpUsers users;
  private final NotificationSender sender;
  private @Nullable DefaultUdpTransportMapping transport;
  private final EngineGroups own;
  private boolean closed;

  // First of all, since SNMP4J's classes ask for their log when they are loaded.
  static {
    CalmLog.install();
  }

  /**
   * Starts an agent. It listens at once if there are users already, else when the first is added.
   *
   * @param options how
   * @param status what to show; called from the agent's thread at most every 250 ms
   * @param heldBack how many notifications were held back by the limit on their rate
   * @throws IOException if the state is damaged or cannot be written, or the address cannot be
   *     listened on; says the remedy
   */
  public static SnmpAgent start(
      SnmpOptions options, Supplier<GatewayStatus> status, LongSupplier heldBack)
      throws IOException {
    return new SnmpAgent(options, status, heldBack);
  }

  private SnmpAgent(SnmpOptions options, Supplier<GatewayStatus> status, LongSupplier heldBack)
      throws IOException {
    address = options.address();
    engine = Engine.start(options.stateDirectory().resolve("snmp.engine"));
    OID root = new OID(options.root());

    DefaultCounterListener counters = new DefaultCounterListener();
    CounterSupport counting = new CounterSupport();
    counting.addCounterListener(counters);
    SecurityProtocols protocols = Protection.protocols();
    usm = new USM(protocols, new OctetString(engine.id()), engine.boots(), counting);
    MPv3 mpv3 =
        new MPv3(
            engine.id(),
            null,
            protocols,
            SecurityModels.getCollection(new SecurityModel[] {usm}),
            counting);

    UpTime upTime = new UpTime(System::nanoTime, Instant.now().getEpochSecond());
    StatusView view = new StatusView(status, System::nanoTime);
    WgGatewayMib mib = new WgGatewayMib(root, upTime, heldBack);
    sender =
        new NotificationSender(
            engine,
            NotificationTargets.load(options.stateDirectory().resolve("snmp.targets")),
            new Notifications(mib, upTime));
    List<LiveTable<?>> all = new ArrayList<>();
    all.addAll(SystemGroup.tables(view, upTime, options.sysName(), root));
    all.addAll(IfMib.tables(view, upTime));
    all.addAll(mib.tables(view));
    own = new EngineGroups(counters);
    all.addAll(own.tables(engine, usm));
    tables = List.copyOf(all);

    dispatcher = new MessageDispatcherImpl();
    dispatcher.addMessageProcessingModel(mpv3);
    responder = responder(tables, counters, root);
    always = !options.v2cSources().isEmpty();
    if (always) {
      Path file = options.stateDirectory().resolve("snmp.community");
      responder.setCoexistenceProvider(Community.load(file, engine, options.v2cSources()));
      dispatcher.addMessageProcessingModel(new MPv2c());
      LOG.warnf(
          "SNMPv2c is on for %s: everything goes in clear, and so does the community in %s",
          options.v2cSources(), file);
    }
    dispatcher.addCommandResponder(responder);
    dispatcher.addCounterListener(counters);
    users = SnmpUsers.load(options.stateDirectory().resolve("snmp.users"), engine, this::apply);
  }

  private Responder responder(List<LiveTable<?>> served, CounterListener counters, OID root) {
    DefaultMOServer server = new DefaultMOServer();
    server.addContext(new OctetString());
    try {
      for (LiveTable<?> table : served) {
        server.register(table, null);
      }
    } catch (DuplicateRegistrationException e) {
      throw new IllegalStateException(e);
    }
    Responder made = new Responder(engine.id());
    made.setVacm(new ReadView(root));
    made.addMOServer(server);
    made.addCounterListener(counters);
    return made;
  }

  /**
   * Has these users and targets beside those that are stored, and no others that it had so before.
   *
   * @param given their passphrases are not kept
   * @param receivers users of those who receive informs; their passphrases are kept, because what
   *     is made of them fits one engine alone, and receivers come and go
   * @param targets where notifications go
   * @throws IllegalArgumentException if a user of that name is stored, or a receiver's is not given
   * @throws IOException if the agent cannot listen; nothing has changed
   */
  public void configure(
      List<UsersFile.Given> given,
      List<UsersFile.Given> receivers,
      List<SnmpOptions.Target> targets)
      throws IOException {
    List<NotificationTargets.Target> traps = new ArrayList<>();
    List<SettingsReceivers.Inform> informs = new ArrayList<>();
    for (SnmpOptions.Target target : targets) {
      if (target.inform()) {
        informs.add(new SettingsReceivers.Inform(target.address(), receiver(target, receivers)));
      } else {
        traps.add(
            new NotificationTargets.Target(target.address(), target.user(), Optional.empty()));
      }
    }
    users.configure(given);
    sender.configure(traps, informs);
  }

  private static UsersFile.Given receiver(
      SnmpOptions.Target target, List<UsersFile.Given> receivers) {
    return receivers.stream()
        .filter(user -> user.name().equals(target.user()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "gatehouse.snmp.targets names inform:"
                        + target.user()
                        + "@"
                        + NotificationTargets.text(target.address())
                        + ", but the file of gatehouse.snmp.users has no line informUser "
                        + target.user()));
  }

  /**
   * Asks receivers of informs that the settings name for their engine IDs, as far as they have not
   * said them. Blocks for some seconds where one does not answer.
   */
  public void findReceivers() {
    sender.findReceivers();
  }

  /** The agent's snmpEngineID, in hexadecimal digits. */
  public String engineId() {
    return engine.text();
  }

  /** What was refused since the start, each kind once. */
  public List<SnmpRefusal> refusals() {
    return own.refusals();
  }

  /** How many of the {@link #targets} are of the settings. */
  public int configuredTargets() {
    return sender.configuredTargets();
  }

  /** Takes events to the targets. */
  public EventSink notifications() {
    return sender;
  }

  /** Where notifications go, those of the settings first; informs are marked so. */
  public List<SnmpTarget> targets() {
    return sender.listed();
  }

  /**
   * Sends traps to an address from now on, vouched for by one of the {@link #users}.
   *
   * @param address {@code ADDRESS:PORT} with a literal address
   * @throws IllegalArgumentException if one of the two cannot be used; says why
   * @throws IOException if that cannot be stored; nothing has changed
   */
  public void addTrapTarget(String address, String user) throws IOException {
    sender.addTrap(NotificationTargets.address(address), user);
  }

  /**
   * Sends informs to an address from now on, after asking for its engine ID.
   *
   * @param address {@code ADDRESS:PORT} with a literal address
   * @param user of the receiver's
   * @param auth as in {@link SnmpUsers#add}; so are the others
   * @throws IllegalArgumentException if one of them cannot be used, or nobody answers; says why
   * @throws IOException if that cannot be stored; nothing has changed
   */
  public void addInformTarget(
      String address,
      String user,
      String auth,
      String priv,
      String authPassphrase,
      String privPassphrase)
      throws IOException {
    SnmpUsers.check(user, authPassphrase, privPassphrase);
    sender.addInform(
        NotificationTargets.address(address),
        user,
        Protection.of(auth, priv),
        authPassphrase,
        privPassphrase);
  }

  /**
   * Sends nothing there any more.
   *
   * @return whether something was sent there, and not because the settings say so
   */
  public boolean removeTarget(String address) throws IOException {
    return sender.remove(NotificationTargets.address(address));
  }

  /** The users; changes take effect at once. */
  public SnmpUsers users() {
    return users;
  }

  /** Where the agent listens, or empty while there is no user. */
  public synchronized Optional<InetSocketAddress> listening() {
    return Optional.ofNullable(transport)
        .map(DefaultUdpTransportMapping::getListenAddress)
        .map(local -> new InetSocketAddress(local.getInetAddress(), local.getPort()));
  }

  /** Requests that are neither answered nor forgotten, for tests. */
  int waiting() {
    return responder.waiting();
  }

  /** The tables served, for tests to hold against the MIB. */
  List<LiveTable<?>> tables() {
    return tables;
  }

  private synchronized void apply(Collection<SnmpUsers.User> now) throws IOException {
    if (closed) {
      throw new IOException("the SNMP agent is closed");
    }
    sender.users(now);
    if (now.isEmpty() && !always) {
      closeTransport();
      usm.removeAllUsers();
      return;
    }
    if (transport == null) {
      transport = open();
    }
    usm.removeAllUsers();
    for (SnmpUsers.User user : now) {
      usm.addLocalizedUser(
          engine.id(),
          new OctetString(user.name()),
          user.protection().authId(),
          user.authKey().getValue(),
          user.protection().privId(),
          user.privKey().getValue());
    }
  }

  private DefaultUdpTransportMapping open() throws IOException {
    DefaultUdpTransportMapping opened;
    try {
      opened = new CalmTransport(new UdpAddress(address.getAddress(), address.getPort()));
    } catch (IOException e) {
      throw new IOException(
          "SNMP cannot listen on UDP "
              + address
              + ": "
              + e.getMessage()
              + "; choose another address",
          e);
    }
    opened.addTransportListener(dispatcher);
    dispatcher.addTransportMapping(opened);
    opened.listen();
    LOG.infof("SNMP listens on UDP %s", opened.getListenAddress());
    return opened;
  }

  private void closeTransport() throws IOException {
    DefaultUdpTransportMapping open = transport;
    if (open != null) {
      transport = null;
      dispatcher.removeTransportMapping(open);
      open.close();
      LOG.info("SNMP listens no more");
    }
  }

  /** Closes the socket. The users stay stored. */
  @Override
  public synchronized void close() {
    closed = true;
    sender.close();
    try {
      closeTransport();
    } catch (IOException e) {
      LOG.warn("closing the SNMP socket: " + e.getMessage());
    }
  }
}
