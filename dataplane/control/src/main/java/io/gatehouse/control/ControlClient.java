// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.control;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the data plane's control socket. Thread-safe; calls block, which is cheap on
 * virtual threads. It does not reconnect: when {@link #closed} completes, the caller makes a new
 * one.
 *
 * <pre>{@code
 * try (var client = ControlClient.connect(Path.of("/run/gatehouse/control.sock"))) {
 *   client.subscribe(status -> show(status));
 *   client.addPeer(addition);
 * }
 * }</pre>
 */
public final class ControlClient implements AutoCloseable {
  // Ten thousand peers take about 5 MB; this is an order above.
  private static final int LONGEST_LINE = 64 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A backup of the largest size, on a slow disk. */
  private static final Duration PATIENCE_WITH_BACKUPS = Duration.ofMinutes(2);

  /** Hooks of a file may take their time. */
  private static final Duration PATIENCE_WITH_HOOKS = Duration.ofMinutes(10);

  /** Sends a request and waits for the answer. */
  @FunctionalInterface
  public interface Exchange {
    /** Does it. */
    Record send() throws IOException, ControlException;
  }

  /** Stands in the way of every request of a client, so that none can go round it. */
  @FunctionalInterface
  public interface Gate {
    /**
     * Lets a request pass, or throws.
     *
     * @param method one of {@link ControlMethod}
     * @param params as they go over the socket; may hold secrets
     * @param exchange to be carried out once at most, by this thread
     * @return what the exchange returned
     */
    Record pass(String method, JsonObject params, Exchange exchange)
        throws IOException, ControlException;
  }

  private final SocketChannel channel;
  private final Gate gate;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonValue>> waiting = new ConcurrentHashMap<>();
  private volatile Consumer<GatewayStatus> subscriber = status -> {};

  /** Of the reading thread: what the changes so far have made of the status. */
  private @Nullable GatewayStatus known;

  private long sequence;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private ControlClient(SocketChannel channel, Gate gate) {
    this.channel = channel;
    this.gate = gate;
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody listens there or the permissions of the socket forbid it
   */
  public static ControlClient connect(Path socket) throws IOException {
    return connect(socket, (method, params, exchange) -> exchange.send());
  }

  /**
   * Connects.
   *
   * @param gate what every request has to pass
   * @throws IOException if nobody listens there or the permissions of the socket forbid it
   */
  public static ControlClient connect(Path socket, Gate gate) throws IOException {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new IOException(
          "cannot connect to the data plane at "
              + socket
              + ": "
              + e.getMessage()
              + ". Is gatehouse-dataplane running, and may this user open the socket?",
          e);
    }
    ControlClient client = new ControlClient(channel, gate);
    Thread.ofVirtual().name("control-client").start(client::readAll);
    return client;
  }

  /** The state of the gateway now. */
  public GatewayStatus status() throws IOException, ControlException {
    return call(ControlMethod.STATUS, JsonValue.EMPTY_JSON_OBJECT, GatewayStatus.class);
  }

  /**
   * Asks for every change from now on. A later call replaces the consumer. Over the socket comes
   * only what differs; the consumer gets the whole status each time.
   *
   * @param consumer called on the connection's own thread, one status at a time, the newest one
   *     last; while it works nothing else is read, so it must be quick and must not call this
   *     client
   * @return the state at the moment of subscribing, which the consumer does not get
   */
  public GatewayStatus subscribe(Consumer<GatewayStatus> consumer)
      throws IOException, ControlException {
    subscriber = consumer;
    return call(
        ControlMethod.SUBSCRIBE,
        RecordCodec.write(new Subscription(Optional.of(GatewayStatus.PROTOCOL))),
        GatewayStatus.class,
        PATIENCE,
        this::begin);
  }

  /** Before anything is read that comes behind the answer. */
  private void begin(JsonValue answer) {
    known = RecordCodec.read(answer, GatewayStatus.class);
    sequence = 0;
  }

  private void take(StatusChanges changes) {
    GatewayStatus before = known;
    if (before == null || changes.sequence() != sequence + 1) {
      throw new IllegalArgumentException("changes " + changes.sequence() + " after " + sequence);
    }
    sequence++;
    GatewayStatus now = changes.applyTo(before);
    known = now;
    subscriber.accept(now);
  }

  /**
   * Writes a peer into a tunnel's file and brings it up.
   *
   * @throws ControlException with the findings when the file would be wrong
   */
  public PeerAdded addPeer(PeerAddition addition) throws IOException, ControlException {
    return call(ControlMethod.PEER_ADD, RecordCodec.write(addition), PeerAdded.class);
  }

  /**
   * Brings up a tunnel that was taken down. Waits until it is up, its hooks included.
   *
   * @throws ControlException with the findings when it cannot be brought up, or is up already
   */
  public TunnelChanged up(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.TUNNEL_UP, tunnel);
  }

  /**
   * Takes a tunnel down and keeps it down, over restarts as well. Waits until nothing is left of
   * it.
   *
   * @throws ControlException when there is no such tunnel, or it was taken down before
   */
  public TunnelChanged down(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.TUNNEL_DOWN, tunnel);
  }

  /**
   * Writes the running state of a tunnel into its file, which otherwise stays as it is.
   *
   * @throws ControlException when it does not run, or its file says something else by now
   */
  public TunnelChanged save(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.TUNNEL_SAVE, tunnel);
  }

  private TunnelChanged change(String method, TunnelChoice tunnel)
      throws IOException, ControlException {
    return call(method, RecordCodec.write(tunnel), TunnelChanged.class, PATIENCE_WITH_HOOKS);
  }

  /**
   * Asks which way a packet would go.
   *
   * @throws ControlException when the addresses cannot be used
   */
  public PacketExplanation explain(PacketQuestion question) throws IOException, ControlException {
    return call(ControlMethod.EXPLAIN, RecordCodec.write(question), PacketExplanation.class);
  }

  /**
   * Asks what would be done so that the tunnels are what their files say. Changes nothing.
   *
   * @throws ControlException when the directory cannot be read
   */
  public PlanStatus plan(PlanQuestion question) throws IOException, ControlException {
    return call(ControlMethod.PLAN, RecordCodec.write(question), PlanStatus.class);
  }

  /**
   * Makes a tunnel what its file says again.
   *
   * @throws ControlException with the findings when that cannot be
   */
  public TunnelChanged takeFile(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.DRIFT_TAKE_FILE, tunnel);
  }

  /**
   * Writes what runs otherwise into a tunnel's file.
   *
   * @throws ControlException with the findings when the file stays as it is
   */
  public TunnelChanged takeRunning(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.DRIFT_TAKE_RUNNING, tunnel);
  }

  /**
   * Leaves what runs otherwise as it is.
   *
   * @throws ControlException when the tunnel does not run
   */
  public TunnelChanged ignoreDrift(TunnelChoice tunnel) throws IOException, ControlException {
    return change(ControlMethod.DRIFT_IGNORE, tunnel);
  }

  /** Adds or replaces an SNMPv3 user. */
  public SnmpUsers addSnmpUser(SnmpUserAddition addition) throws IOException, ControlException {
    return call(ControlMethod.SNMP_USER_ADD, RecordCodec.write(addition), SnmpUsers.class);
  }

  /** Removes an SNMPv3 user. */
  public SnmpUsers removeSnmpUser(String name) throws IOException, ControlException {
    return call(
        ControlMethod.SNMP_USER_REMOVE,
        RecordCodec.write(new SnmpUserRemoval(name)),
        SnmpUsers.class);
  }

  /** The SNMPv3 users. */
  public SnmpUsers snmpUsers() throws IOException, ControlException {
    return call(ControlMethod.SNMP_USER_LIST, JsonValue.EMPTY_JSON_OBJECT, SnmpUsers.class);
  }

  /**
   * Lets files be applied that wait for approval or are held back.
   *
   * @throws ControlException when there is none, or no such tunnel
   */
  public Approved approve(Approval approval) throws IOException, ControlException {
    return call(ControlMethod.TUNNEL_APPROVE, RecordCodec.write(approval), Approved.class);
  }

  /**
   * What is to be said of a file or a text.
   *
   * @throws ControlException when there is no such file
   */
  public CheckReport check(CheckQuestion question) throws IOException, ControlException {
    return call(ControlMethod.CHECK, RecordCodec.write(question), CheckReport.class);
  }

  /** Sends SNMP notifications there as well. */
  public SnmpTargets addSnmpTarget(SnmpTargetAddition addition)
      throws IOException, ControlException {
    return call(ControlMethod.SNMP_TARGET_ADD, RecordCodec.write(addition), SnmpTargets.class);
  }

  /** Sends no SNMP notifications there any more. */
  public SnmpTargets removeSnmpTarget(String address) throws IOException, ControlException {
    return call(
        ControlMethod.SNMP_TARGET_REMOVE,
        RecordCodec.write(new SnmpTargetRemoval(address)),
        SnmpTargets.class);
  }

  /** Where SNMP notifications go. */
  public SnmpTargets snmpTargets() throws IOException, ControlException {
    return call(ControlMethod.SNMP_TARGET_LIST, JsonValue.EMPTY_JSON_OBJECT, SnmpTargets.class);
  }

  /** Sends a notification that only says a text. */
  public SnmpTargets testSnmpTargets(String text) throws IOException, ControlException {
    return call(
        ControlMethod.SNMP_TRAP_TEST, RecordCodec.write(new SnmpTest(text)), SnmpTargets.class);
  }

  /** By which doors stations can watch. */
  public MonitoringStatus monitoring() throws IOException, ControlException {
    return call(ControlMethod.MONITORING, JsonValue.EMPTY_JSON_OBJECT, MonitoringStatus.class);
  }

  /**
   * What a station imports.
   *
   * @throws ControlException when there is no such file
   */
  public StationFile monitoringFile(String name) throws IOException, ControlException {
    return call(
        ControlMethod.MONITORING_FILE,
        RecordCodec.write(new StationFileChoice(name)),
        StationFile.class);
  }

  /** A page of the history of the tunnel directory. */
  public RevisionList history(RevisionRange range) throws IOException, ControlException {
    return call(ControlMethod.HISTORY_LIST, RecordCodec.write(range), RevisionList.class);
  }

  /**
   * A revision and what it changed.
   *
   * @throws ControlException when there is no such revision
   */
  public RevisionShown revision(RevisionChoice choice) throws IOException, ControlException {
    return call(ControlMethod.HISTORY_SHOW, RecordCodec.write(choice), RevisionShown.class);
  }

  /**
   * What differs between two revisions.
   *
   * @throws ControlException when there is no such revision
   */
  public RevisionDiff difference(RevisionPair pair) throws IOException, ControlException {
    return call(ControlMethod.HISTORY_DIFF, RecordCodec.write(pair), RevisionDiff.class);
  }

  /**
   * Writes files as they were in a revision, and has them taken.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public Restored restore(Restoration restoration) throws IOException, ControlException {
    return call(ControlMethod.HISTORY_RESTORE, RecordCodec.write(restoration), Restored.class);
  }

  /**
   * Lets the directory go back to what it is now, unless {@link #confirmCommit} comes in time.
   *
   * @throws ControlException when one waits already, or the state now cannot be written down
   */
  public CommitStatus beginCommit(CommitRequest request) throws IOException, ControlException {
    return call(ControlMethod.COMMIT_BEGIN, RecordCodec.write(request), CommitStatus.class);
  }

  /**
   * Keeps what was changed.
   *
   * @throws ControlException when nothing waits to be confirmed
   */
  public CommitStatus confirmCommit() throws IOException, ControlException {
    return call(ControlMethod.COMMIT_CONFIRM, JsonValue.EMPTY_JSON_OBJECT, CommitStatus.class);
  }

  /**
   * Goes back at once.
   *
   * @throws ControlException when nothing waits to be confirmed, or with why nothing was changed
   */
  public Restored revertCommit() throws IOException, ControlException {
    return call(ControlMethod.COMMIT_REVERT, JsonValue.EMPTY_JSON_OBJECT, Restored.class);
  }

  /** The files of the tunnel directory. */
  public FileList files() throws IOException, ControlException {
    return call(ControlMethod.FILE_LIST, JsonValue.EMPTY_JSON_OBJECT, FileList.class);
  }

  /**
   * A file, its keys hidden.
   *
   * @throws ControlException when it is not there, cannot be read or is too large
   */
  public FileText readFile(FileChoice choice) throws IOException, ControlException {
    return call(ControlMethod.FILE_READ, RecordCodec.write(choice), FileText.class);
  }

  /**
   * Writes a file anew, and has it taken.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public FilesChanged writeFile(FileWrite write) throws IOException, ControlException {
    return change(ControlMethod.FILE_WRITE, write);
  }

  /**
   * Makes a file, and has it taken.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public FilesChanged createFile(FileCreation creation) throws IOException, ControlException {
    return change(ControlMethod.FILE_CREATE, creation);
  }

  /**
   * Removes a file, and with it its tunnel.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public FilesChanged removeFile(FileRemoval removal) throws IOException, ControlException {
    return change(ControlMethod.FILE_REMOVE, removal);
  }

  /**
   * Gives a file another name, and its tunnel with it.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public FilesChanged renameFile(FileRenaming renaming) throws IOException, ControlException {
    return change(ControlMethod.FILE_RENAME, renaming);
  }

  /**
   * Changes settings in files, and has them taken: all of it or nothing.
   *
   * @throws ControlException with the findings when nothing was changed
   */
  public FilesChanged edit(EditRequest request) throws IOException, ControlException {
    return change(ControlMethod.EDIT, request);
  }

  /**
   * A file with its keys.
   *
   * @throws ControlException when this user may not have them, or the file cannot be read
   */
  public FileExported exportFile(FileExport export) throws IOException, ControlException {
    return call(ControlMethod.FILE_EXPORT, RecordCodec.write(export), FileExported.class);
  }

  private FilesChanged change(String method, Record request) throws IOException, ControlException {
    return call(method, RecordCodec.write(request), FilesChanged.class, PATIENCE_WITH_HOOKS);
  }

  /**
   * What new peers of a tunnel can have.
   *
   * @throws ControlException when there is no such tunnel
   */
  public PeerProposal proposePeers(ProposalRequest request) throws IOException, ControlException {
    return call(ControlMethod.PEER_PROPOSE, RecordCodec.write(request), PeerProposal.class);
  }

  /**
   * Makes a backup, to be fetched part by part.
   *
   * @throws ControlException when no passphrase is set for backups, or it cannot be written
   */
  public BackupMade makeBackup(BackupRequest request) throws IOException, ControlException {
    return call(
        ControlMethod.BACKUP_MAKE,
        RecordCodec.write(request),
        BackupMade.class,
        PATIENCE_WITH_BACKUPS);
  }

  /**
   * A part of a backup.
   *
   * @throws ControlException when it is not there any more
   */
  public BackupPart readBackup(BackupRead read) throws IOException, ControlException {
    return call(ControlMethod.BACKUP_READ, RecordCodec.write(read), BackupPart.class);
  }

  /**
   * Sends a part of a backup that is to be restored.
   *
   * @throws ControlException when it is too large, or what came before is not there any more
   */
  public RestoreReceived sendBackup(RestorePart part) throws IOException, ControlException {
    return call(ControlMethod.RESTORE_SEND, RecordCodec.write(part), RestoreReceived.class);
  }

  /**
   * What a backup that was sent would change.
   *
   * @throws ControlException when it cannot be used, for whatever reason; nothing has changed
   */
  public RestorePreview lookAtBackup(RestoreQuestion question)
      throws IOException, ControlException {
    return call(
        ControlMethod.RESTORE_LOOK,
        RecordCodec.write(question),
        RestorePreview.class,
        PATIENCE_WITH_BACKUPS);
  }

  /**
   * Restores a backup that was looked at; the data plane begins anew.
   *
   * @throws ControlException when nothing was changed
   */
  public RestoreBegun restoreBackup(RestoreChoice choice) throws IOException, ControlException {
    return call(ControlMethod.RESTORE_APPLY, RecordCodec.write(choice), RestoreBegun.class);
  }

  /**
   * Completes when the connection has ended: normally after {@link #close} or when the data plane
   * hung up, exceptionally with an {@link IOException} when it broke.
   */
  public CompletionStage<Void> closed() {
    return closed.minimalCompletionStage();
  }

  /** Whether requests can still be sent. */
  public boolean isOpen() {
    return !closed.isDone();
  }

  /** Ends the connection; calls under way fail with an {@link IOException}. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to lose: every answer has either come or is failed by the reader.
      closed.completeExceptionally(e);
    }
  }

  private <T extends Record> T call(String method, JsonValue params, Class<T> type)
      throws IOException, ControlException {
    return call(method, params, type, PATIENCE);
  }

  private <T extends Record> T call(
      String method, JsonValue params, Class<T> type, Duration patience)
      throws IOException, ControlException {
    return call(method, params, type, patience, result -> {});
  }

  /**
   * Calls.
   *
   * @param first does something with the answer on the reading thread, before more is read
   */
  private <T extends Record> T call(
      String method, JsonValue params, Class<T> type, Duration patience, Consumer<JsonValue> first)
      throws IOException, ControlException {
    return type.cast(
        gate.pass(
            method, params.asJsonObject(), () -> exchange(method, params, type, patience, first)));
  }

  private <T extends Record> T exchange(
      String method, JsonValue params, Class<T> type, Duration patience, Consumer<JsonValue> first)
      throws IOException, ControlException {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonValue> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    CompletableFuture<JsonValue> done =
        answer.thenApply(
            result -> {
              first.accept(result);
              return result;
            });
    try {
      send(new RpcMessage.Request(Json.createValue(id), method, params));
      if (closed.isDone()) {
        throw new ClosedChannelException();
      }
      return RecordCodec.read(done.get(patience.toMillis(), TimeUnit.MILLISECONDS), type);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ControlException refusal ->
            throw new ControlException(refusal.code(), refusal.message(), refusal.findings());
        case null, default -> throw new IOException("the control connection ended", e.getCause());
      }
    } catch (TimeoutException e) {
      throw new IOException(
          "no answer to \"" + method + "\" within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for \"" + method + "\"");
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot understand the answer to \"" + method + "\"", e);
    } finally {
      waiting.remove(id);
    }
  }

  private void send(RpcMessage message) throws IOException {
    ByteBuffer line =
        ByteBuffer.wrap((RpcCodec.encode(message) + "\n").getBytes(StandardCharsets.UTF_8));
    writing.lock();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } finally {
      writing.unlock();
    }
  }

  private void readAll() {
    try {
      LineReader lines = new LineReader(channel, LONGEST_LINE);
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        receive(RpcCodec.decode(line.get()));
      }
      end(null);
    } catch (ClosedChannelException e) {
      end(null);
    } catch (IOException e) {
      end(e);
    } catch (RpcFormatException | RuntimeException e) {
      end(new IOException("the data plane sent what cannot be understood", e));
    }
  }

  private void receive(RpcMessage message) {
    switch (message) {
      case RpcMessage.Result result -> answer(result.id()).complete(result.result());
      case RpcMessage.Failure failure ->
          answer(failure.id()).completeExceptionally(failure.error());
      case RpcMessage.Notification notification -> {
        switch (notification.method()) {
          case ControlMethod.STATUS ->
              subscriber.accept(RecordCodec.read(notification.params(), GatewayStatus.class));
          case ControlMethod.CHANGES ->
              take(RecordCodec.read(notification.params(), StatusChanges.class));
          default -> {
            // Of a version to come.
          }
        }
      }
      case RpcMessage.Request request ->
          throw new IllegalArgumentException("a server sends no requests: " + request);
    }
  }

  private CompletableFuture<JsonValue> answer(JsonValue id) {
    CompletableFuture<JsonValue> answer =
        id instanceof JsonNumber number ? waiting.get(number.longValue()) : null;
    // An answer after its caller gave up goes nowhere.
    return answer == null ? new CompletableFuture<>() : answer;
  }

  private void end(@Nullable IOException trouble) {
    if (trouble == null) {
      closed.complete(null);
    } else {
      closed.completeExceptionally(trouble);
    }
    IOException reason = trouble == null ? new ClosedChannelException() : trouble;
    waiting.values().forEach(answer -> answer.completeExceptionally(reason));
    close();
  }
}
