// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.datapath;

import io.gatehouse.linux.EventFd;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.linux.Poller;
import io.gatehouse.linux.TunDevice;
import io.gatehouse.linux.TunLink;
import io.gatehouse.linux.UdpSendBatch;
import io.gatehouse.linux.UdpSocket;
import io.gatehouse.protocol.Device;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceOutput;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.protocol.DropReason;
import io.gatehouse.protocol.Endpoint;
import io.gatehouse.protocol.Peer;
import io.gatehouse.wgquick.PublicKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.ToLongFunction;

/**
 * A running WireGuard tunnel: one TUN device, one UDP port of both families, a control thread, and
 * two packet threads for each queue of the device ({@link QueuePair}).
 *
 * <p>The port is open while the interface is up, and stays in the network namespace in which the
 * process lives, wherever the interface is moved. All public methods may be called from any thread.
 */
public final class Tunnel implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Tunnel.class.getName());

  /** DSCP AF41, no ECN: handshakes go before bulk traffic. */
  private static final int HANDSHAKE_TRAFFIC_CLASS = 0x88;

  /** Handshakes taken in a row before timers and requests get their turn. */
  private static final int HANDSHAKES_IN_A_ROW = 32;

  private static final long SECOND = 1_000_000_000L;

  /**
   * More handshakes a second than this are load, too, even if the queue is kept short: each costs
   * Diffie-Hellman. The burst lets a thousand peers come back at once.
   */
  private static final int HANDSHAKES_PER_SECOND = 400;

  private static final int HANDSHAKE_BURST = 1000;

  /** Under load, cookies that are given away a second; the rest of the time is the packets'. */
  private static final int COOKIES_PER_SECOND = 4000;

  private static final int COOKIE_BURST = 256;

  /** Under load, how often the control thread looks for handshakes: some at a time cost less. */
  private static final long LOAD_PAUSE = 5_000_000;

  private final TunLink link;
  private final TunnelOptions options;
  private final Device device;
  private final EventFd controlWake;
  private final ServiceCalls calls;
  private final HandshakeQueue handshakes = new HandshakeQueue();
  private final ConcurrentLinkedQueue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private final List<QueuePair> pairs = new ArrayList<>();
  private final Thread controlThread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Fallbacks fallbacks =
      new Fallbacks(text -> LOG.log(Level.WARNING, name() + ": " + text));

  private final UdpSendBatch handshakeBatch = new UdpSendBatch(1);
  private final MemorySegment handshakeBuffer =
      Arena.ofAuto().allocate(HandshakeQueue.MAX_LENGTH, 8);

  // Control thread.
  /** One for each pair, all on one port; none while the interface is down. */
  private List<UdpSocket> sockets = List.of();

  private int wantedPort;
  private int fwMark;
  private boolean linkUp;
  private long underLoadUntil;
  private final Pace handshakePace =
      new Pace(HANDSHAKES_PER_SECOND, HANDSHAKE_BURST, System.nanoTime());
  private final Pace cookiePace = new Pace(COOKIES_PER_SECOND, COOKIE_BURST, System.nanoTime());
  private long retrySocketAt = Long.MAX_VALUE;

  /** Peers to greet as soon as the tunnel is up. */
  private final Set<PublicKey> toGreet = new HashSet<>();

  private volatile boolean stopped;

  /** Whether the control thread looks for handshakes without being told: while under load. */
  private volatile boolean handshakesByTheClock;

  /** What an earlier interface of the same tunnel had counted. */
  private volatile TunnelCounters before;

  /** Handshake messages. */
  private final SentCounter handshakesSent = new SentCounter();

  private volatile boolean up;
  private volatile boolean gsoGranted = true;
  private volatile boolean groGranted = true;
  private volatile TunLink.State linkState;

  private Tunnel(TunLink link, EventFd controlWake, TunnelOptions options) {
    this.link = link;
    this.options = options;
    this.linkState = link.state();
    this.controlWake = controlWake;
    calls = new ServiceCalls(controlWake);
    device = new Device(new Output(), new SecureRandom(), Instant::now, System.nanoTime());
    before = TunnelCounters.none(Instant.now().getEpochSecond());
    underLoadUntil = System.nanoTime();
    controlThread =
        Thread.ofPlatform().name(linkState.name() + "-control").unstarted(this::control);
  }

  /** Starts a tunnel on a TUN device with one queue, see {@link #start(List, TunnelOptions)}. */
  public static Tunnel start(TunDevice tun, TunnelOptions options) throws LinuxException {
    return start(List.of(tun), options);
  }

  /**
   * Starts the threads of a tunnel on a TUN device, which then belongs to the tunnel. If the
   * interface is up already, the port opens at once.
   *
   * @param queues of the device, as {@link TunDevice#openQueues} gave them; at least one
   * @throws LinuxException if the kernel refuses a descriptor. Whatever is thrown, the device is
   *     closed then and nothing stays open.
   */
  public static Tunnel start(List<TunDevice> queues, TunnelOptions options) throws LinuxException {
    TunLink link;
    try {
      link = TunLink.follow(queues.getFirst());
    } catch (LinuxException | RuntimeException | Error e) {
      queues.forEach(TunDevice::close);
      throw e;
    }
    return start(queues, link, options);
  }

  /**
   * The same on a device whose interface is followed already, or is played.
   *
   * @param link of the device; belongs to the tunnel from now on, as the device does
   */
  public static Tunnel start(List<TunDevice> queues, TunLink link, TunnelOptions options)
      throws LinuxException {
    Deque<Runnable> opened = new ArrayDeque<>();
    queues.forEach(queue -> opened.push(queue::close));
    try {
      opened.push(link::close);
      EventFd controlWake = EventFd.open();
      opened.push(controlWake::close);
      Tunnel tunnel = new Tunnel(link, controlWake, options);
      for (TunDevice queue : queues) {
        QueuePair pair = tunnel.addPair(queue);
        opened.push(pair::close);
      }
      opened.push(tunnel::endThreads);
      tunnel.pairs.forEach(QueuePair::start);
      tunnel.controlThread.start();
      return tunnel;
    } catch (LinuxException | RuntimeException | Error e) {
      opened.forEach(Runnable::run);
      throw e;
    }
  }

  private QueuePair addPair(TunDevice queue) throws LinuxException {
    String number = pairs.isEmpty() ? "" : "-" + pairs.size();
    QueuePair pair =
        QueuePair.open(
            linkState.name() + number,
            queue,
            device,
            options,
            handshakes,
            fallbacks,
            this::handshakeWaits,
            calls);
    pairs.add(pair);
    return pair;
  }

  /** The interface's name as the kernel has it now. */
  public String name() {
    return linkState.name();
  }

  /** The interface's index in the namespace it is in. */
  public int ifIndex() {
    return linkState.ifIndex();
  }

  /** The interface's MTU in octets. */
  public int mtu() {
    return linkState.mtu();
  }

  /** Whether the interface is up and the port is open. */
  public boolean isUp() {
    return up;
  }

  /**
   * Whether the tunnel has ended. True before anybody hears of it by {@link #ended}, whose
   * listeners are called in no particular order.
   */
  public boolean hasEnded() {
    return ended.isDone();
  }

  /** Completes when the tunnel has ended: closed, or its interface deleted by somebody. */
  public CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  /**
   * Applies a change, whole or not at all, and returns when the packet path goes by it.
   *
   * @throws LinuxException if the system refuses it, such as EADDRINUSE for a port in use; nothing
   *     has changed then
   * @throws io.gatehouse.protocol.InvalidChangeException if the change contradicts itself
   */
  public void apply(DeviceChange change) throws LinuxException {
    onControlThread(
        () -> {
          applyNow(change);
          return true;
        });
  }

  /** The device at this moment. */
  public DeviceSnapshot snapshot() {
    return ask(() -> device.snapshot(System.nanoTime()));
  }

  /** See {@link Device#octets}. */
  public Map<PublicKey, Long> octets(Collection<PublicKey> peers) {
    return ask(() -> device.octets(peers));
  }

  /** See {@link Device#timestampToKeep}. */
  public long timestampToKeep() {
    return ask(device::timestampToKeep);
  }

  /** See {@link Device#timestampFloor}; to be set before the interface is up. */
  public void timestampFloor(long timestamp) {
    ask(
        () -> {
          device.timestampFloor(timestamp);
          return true;
        });
  }

  /**
   * Begins handshakes with those of the peers that have an endpoint, see {@link Device#greet}; at
   * once, or when the tunnel is up: the kernel's word that its interface is may still be on its
   * way, and its port may be taken.
   */
  public void greet(Set<PublicKey> peers) {
    ask(
        () -> {
          toGreet.addAll(peers);
          if (up) {
            greetNow();
          }
          return true;
        });
  }

  private void greetNow() {
    if (toGreet.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (Peer peer : device.peers()) {
      if (toGreet.contains(peer.publicKey())) {
        device.greet(peer, now);
      }
    }
    toGreet.clear();
  }

  /**
   * Lets all counters go on from those of an earlier interface of the same tunnel; to be called
   * once, before there are peers.
   */
  public void resume(TunnelCounters ofInterface, DeviceTotals ofDevice) {
    ask(
        () -> {
          before = ofInterface;
          device.resume(ofDevice);
          return true;
        });
  }

  /** What went through the interface since it was made, and before where that was told. */
  public TunnelCounters counters() {
    return before.plus(
        new TunnelCounters(
            before.since(),
            sum(pair -> pair.receive.bytes.get()),
            sum(pair -> pair.transmit.bytes.get()),
            sum(pair -> pair.receive.packets.get()),
            sum(pair -> pair.transmit.packets.get()),
            sum(pair -> pair.receive.drops.total()),
            sum(pair -> pair.transmit.drops.total()),
            new TunnelCounters.Udp(
                sum(pair -> pair.receive.datagrams.get()),
                sum(pair -> pair.transmit.sent.datagrams()) + handshakesSent.datagrams(),
                sum(pair -> pair.receive.datagramBytes.get()),
                sum(pair -> pair.transmit.sent.bytes()) + handshakesSent.bytes()),
            handshakesByTheClock));
  }

  /** What lies between device and port, for tests of how the packets spread. */
  List<QueuePair> pairs() {
    return pairs;
  }

  private long sum(ToLongFunction<QueuePair> count) {
    return pairs.stream().mapToLong(count).sum();
  }

  /** How each of the kernel's offloads fares here. UDP's are known when a socket was open. */
  public List<OffloadState> offloads() {
    TunDevice queue = pairs.getFirst().tun();
    TunDevice.Offloads wanted = queue.wanted();
    TunDevice.Offloads granted = queue.offloads();
    return List.of(
        fallbacks.state(Offload.TUN_TSO, wanted.tso(), granted.tso()),
        fallbacks.state(Offload.TUN_USO, wanted.uso(), granted.uso()),
        fallbacks.state(Offload.UDP_GSO, options.udp().gso(), gsoGranted),
        fallbacks.state(Offload.UDP_GRO, options.udp().gro(), groGranted));
  }

  /**
   * How many packets and messages went no further, for each reason: those of which no peer is known
   * or whose peer was removed. All others are counted at their peers, in {@link #snapshot}. Every
   * reason is there; the counts only rise.
   */
  public Map<DropReason, Long> drops() {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, device.drops(reason));
    }
    return drops;
  }

  /** Ends all threads, closes port and device; the interface goes away with it. Idempotent. */
  @Override
  public void close() {
    stopped = true;
    pairs.forEach(QueuePair::stop);
    calls.call();
    if (!Thread.currentThread().equals(controlThread)) {
      Threads.join(controlThread);
      controlWake.close();
    }
  }

  // Control thread

  private void control() {
    Poller poller = new Poller(2);
    try {
      int wakeSlot = poller.add(controlWake.fd());
      int linkSlot = poller.add(link.fd());
      readLink();
      while (!stopped) {
        try {
          long deadline = turn();
          poller.poll(deadline == Long.MAX_VALUE ? -1 : Math.max(0, deadline - System.nanoTime()));
          if (poller.readable(wakeSlot)) {
            calls.heard();
          }
          if (poller.readable(linkSlot) || poller.failed(linkSlot)) {
            readLink();
            poller.replace(linkSlot, link.fd());
          }
        } catch (RuntimeException | Error e) {
          // One bad message or request must not end the tunnel.
          LOG.log(Level.ERROR, name() + ": the control thread goes on after an error", e);
        }
      }
    } finally {
      shutDown();
    }
  }

  /** Does all that is due. Returns when it must run again, at the latest. */
  private long turn() {
    for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
      request.run();
    }
    for (Peer peer = calls.poll(); peer != null; peer = calls.poll()) {
      device.service(peer, System.nanoTime());
    }
    boolean byTheClock = isUnderLoad(System.nanoTime());
    handshakesByTheClock = byTheClock; // before the queue is looked at, so that no wake-up is lost
    boolean handshakesWait = receiveHandshakes();
    long now = System.nanoTime();
    if (retrySocketAt != Long.MAX_VALUE && retrySocketAt - now <= 0) {
      openSocket();
    }
    long deadline = device.advance(now);
    if (handshakesWait) {
      return now;
    }
    deadline = sooner(deadline, retrySocketAt);
    return byTheClock || !handshakes.isEmpty() ? sooner(deadline, now + LOAD_PAUSE) : deadline;
  }

  /** Takes some handshake messages; whether more can be taken at once. */
  private boolean receiveHandshakes() {
    for (int i = 0; i < HANDSHAKES_IN_A_ROW; i++) {
      long now = System.nanoTime();
      if (handshakes.isUnderLoad()) {
        underLoadUntil = now + SECOND;
      }
      if (!handshakes.take(!isUnderLoad(now) || cookiePace.allows(now))) {
        return false;
      }
      if (!handshakePace.spend(now)) { // also while under load: it lasts as long as the flood
        underLoadUntil = now + SECOND;
      }
      if (isUnderLoad(now) && !handshakes.hasMac2()) {
        cookiePace.spend(now);
      }
      try {
        device.receive(
            handshakes.message(), handshakes.length(), handshakes.from(), isUnderLoad(now), now);
      } finally {
        handshakes.remove();
      }
    }
    return true;
  }

  private boolean isUnderLoad(long now) {
    return underLoadUntil - now > 0;
  }

  private static long sooner(long a, long b) {
    return a == Long.MAX_VALUE || b != Long.MAX_VALUE && b - a < 0 ? b : a;
  }

  private void readLink() {
    TunLink.State state;
    try {
      state = link.update();
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, name() + ": the state of the interface cannot be read", e);
      return;
    }
    if (state.isDeleted()) {
      LOG.log(Level.INFO, name() + ": the interface was deleted");
      stopped = true;
      return;
    }
    linkState = state;
    pairs.forEach(pair -> pair.transmit.mtu(state.mtu()));
    if (state.up() != linkUp) {
      linkUp = state.up();
      if (linkUp) {
        openSocket();
      } else {
        closeSocket();
      }
    }
  }

  private void openSocket() {
    retrySocketAt = Long.MAX_VALUE;
    List<UdpSocket> opened;
    try {
      opened = bind(wantedPort);
    } catch (LinuxException e) {
      LOG.log(Level.ERROR, name() + ": " + e.getMessage() + "; trying again every second");
      retrySocketAt = System.nanoTime() + SECOND;
      return;
    }
    use(opened);
    goUp();
  }

  private void goUp() {
    device.up(System.nanoTime());
    up = true;
    greetNow();
  }

  private void closeSocket() {
    retrySocketAt = Long.MAX_VALUE;
    up = false;
    device.down(System.nanoTime());
    use(List.of());
  }

  private List<UdpSocket> bind(int port) throws LinuxException {
    List<UdpSocket> bound = UdpSocket.bindAll(port, options.udp(), pairs.size());
    try {
      if (fwMark != 0) {
        mark(bound, fwMark);
      }
      return bound;
    } catch (LinuxException e) {
      bound.forEach(UdpSocket::close);
      throw e;
    }
  }

  /** Hands sockets to the packet threads, then closes those before. */
  private void use(List<UdpSocket> next) {
    List<UdpSocket> before = sockets;
    sockets = next;
    for (int i = 0; i < pairs.size(); i++) {
      pairs.get(i).socket(next.isEmpty() ? null : next.get(i));
    }
    if (!next.isEmpty()) {
      wantedPort = next.getFirst().port();
      gsoGranted = next.getFirst().gso();
      groGranted = next.getFirst().gro();
    }
    device.listenPort(wantedPort);
    before.forEach(UdpSocket::close);
  }

  private void applyNow(DeviceChange change) throws LinuxException {
    int port = change.listenPort().orElse(wantedPort);
    boolean otherPort = change.listenPort().isPresent() && (port != wantedPort || port == 0);
    List<UdpSocket> next = List.of();
    if (otherPort && (linkUp || port != 0)) {
      // While the interface is down this only asks whether the port is free.
      next = bind(port);
    }
    int markBefore = fwMark;
    try {
      if (change.fwMark().isPresent()) {
        mark(change.fwMark().getAsInt(), next);
      }
      device.apply(change, System.nanoTime());
    } catch (LinuxException | RuntimeException e) {
      next.forEach(UdpSocket::close);
      mark(markBefore, List.of());
      throw e;
    }
    if (otherPort || fwMark != markBefore) {
      // Another mark may lead another way, where the address last spoken to does not belong.
      forgetSources();
    }
    if (!otherPort) {
      return;
    }
    wantedPort = port;
    if (!next.isEmpty() && linkUp) {
      retrySocketAt = Long.MAX_VALUE;
      use(next);
      if (!up) {
        goUp();
      }
    } else {
      next.forEach(UdpSocket::close);
      device.listenPort(port);
    }
  }

  private void forgetSources() {
    for (Peer peer : device.peers()) {
      Endpoint known = peer.endpoint();
      if (known != null) {
        peer.forgetSource(known);
      }
    }
  }

  private void mark(int mark, List<UdpSocket> next) throws LinuxException {
    mark(sockets, mark);
    mark(next, mark);
    fwMark = mark;
  }

  private static void mark(List<UdpSocket> sockets, int mark) throws LinuxException {
    for (UdpSocket socket : sockets) {
      socket.fwMark(mark);
    }
  }

  private void shutDown() {
    up = false;
    linkUp = false;
    endThreads();
    device.down(System.nanoTime());
    sockets.forEach(UdpSocket::close);
    link.close();
    pairs.forEach(QueuePair::close);
    ended.complete(null);
    // After that: whoever adds one from now on sees the end and runs it himself.
    for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
      request.run();
    }
  }

  private void endThreads() {
    pairs.forEach(QueuePair::stop);
    pairs.forEach(QueuePair::join);
  }

  private final class Output implements DeviceOutput {
    @Override
    public boolean sendHandshake(byte[] message, Endpoint to) {
      if (sockets.isEmpty()) {
        return false;
      }
      MemorySegment.copy(message, 0, handshakeBuffer, ValueLayout.JAVA_BYTE, 0, message.length);
      handshakeBatch.add(
          handshakeBuffer,
          0,
          message.length,
          message.length,
          to.addressHigh(),
          to.addressLow(),
          to.port(),
          to.scopeId(),
          to.sourceHigh(),
          to.sourceLow(),
          to.scopeId() == 0 ? 0 : to.sourceIfIndex(),
          HANDSHAKE_TRAFFIC_CLASS);
      if (handshakeBatch.flush(sockets.getFirst()) < 0) {
        return false;
      }
      handshakesSent.add(1, message.length);
      return true;
    }

    @Override
    public void wakeTransmit(Peer peer) {
      // The first pair sends keepalives; any may hold packets that wait for a session. Most peers
      // that come back have neither, and waking a thread costs as much as a message.
      for (int i = 0; i < pairs.size(); i++) {
        TransmitLoop transmit = pairs.get(i).transmit;
        if (i == 0 && peer.isKeepaliveRequested() || transmit.hasStaged()) {
          transmit.wake(peer);
        }
      }
    }
  }

  // Any thread

  /** Receive thread: a handshake was queued. */
  private void handshakeWaits() {
    // Waking the control thread for each message of a flood would cost more than the messages.
    if (!handshakesByTheClock) {
      calls.call();
    }
  }

  /** For requests that call no system. */
  private <T> T ask(Callable<T> request) {
    try {
      return onControlThread(request);
    } catch (LinuxException e) {
      throw new AssertionError("no system was called", e);
    }
  }

  private <T> T onControlThread(Callable<T> request) throws LinuxException {
    FutureTask<T> task = new FutureTask<>(request);
    requests.add(task);
    calls.call();
    if (ended.isDone()) {
      task.run();
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name() + " was asked", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LinuxException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
