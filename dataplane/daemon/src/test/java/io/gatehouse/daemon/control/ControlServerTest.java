// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gatehouse.control.Approval;
import io.gatehouse.control.Approved;
import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.CheckQuestion;
import io.gatehouse.control.CheckReport;
import io.gatehouse.control.CommitRequest;
import io.gatehouse.control.CommitStatus;
import io.gatehouse.control.ControlClient;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileChoice;
import io.gatehouse.control.FileCreation;
import io.gatehouse.control.FileExport;
import io.gatehouse.control.FileExported;
import io.gatehouse.control.FileList;
import io.gatehouse.control.FileRemoval;
import io.gatehouse.control.FileRenaming;
import io.gatehouse.control.FileState;
import io.gatehouse.control.FileStatus;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FileText;
import io.gatehouse.control.FileVersion;
import io.gatehouse.control.FileWrite;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.GatewayStatus;
import io.gatehouse.control.LineReader;
import io.gatehouse.control.PacketExplanation;
import io.gatehouse.control.PacketQuestion;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.PeerAdded;
import io.gatehouse.control.PeerAddition;
import io.gatehouse.control.PeerProposal;
import io.gatehouse.control.PlanOutcome;
import io.gatehouse.control.PlanQuestion;
import io.gatehouse.control.PlanStatus;
import io.gatehouse.control.PlannedFile;
import io.gatehouse.control.ProposalRequest;
import io.gatehouse.control.ProposedPeer;
import io.gatehouse.control.RecordCodec;
import io.gatehouse.control.Restoration;
import io.gatehouse.control.Restored;
import io.gatehouse.control.Revision;
import io.gatehouse.control.RevisionChoice;
import io.gatehouse.control.RevisionDiff;
import io.gatehouse.control.RevisionList;
import io.gatehouse.control.RevisionPair;
import io.gatehouse.control.RevisionRange;
import io.gatehouse.control.RevisionShown;
import io.gatehouse.control.RpcCodec;
import io.gatehouse.control.RpcMessage;
import io.gatehouse.control.SnmpInformUser;
import io.gatehouse.control.SnmpTarget;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.control.StatusChanges;
import io.gatehouse.control.TunnelChanged;
import io.gatehouse.control.TunnelChoice;
import io.gatehouse.control.TunnelPlan;
import io.gatehouse.control.TunnelStatus;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ControlServerTest {
  private static final FindingStatus FINDING =
      new FindingStatus("KEY-LENGTH", "ERROR", "wg0.conf", 4, "", "too short", "give 44");

  private static final TunnelStatus TUNNEL = named("wg0.conf");

  private static TunnelStatus named(String file) {
    return new TunnelStatus(
        file.replace(".conf", ""),
        file,
        TunnelStatus.State.UP,
        7,
        "",
        51820,
        0,
        1420,
        List.of("10.0.0.1/24"),
        List.of(),
        List.of(FINDING),
        1,
        2,
        3,
        4,
        5,
        6,
        List.of(),
        List.of(),
        8);
  }

  @TempDir Path directory;
  private Path socket;
  private final FakeGateway gateway = new FakeGateway();
  private ControlServer server;

  @BeforeEach
  void start() throws IOException {
    socket = directory.resolve("run/control.sock");
    server = ControlServer.start(socket, "", gateway);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theSocketIsForOwnerAndGroupAndGoesAwayAtTheEnd() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    try (var files = Files.list(socket.getParent())) {
      assertThat(files).containsExactly(socket);
    }

    server.close();

    assertThat(socket).doesNotExist();
  }

  @Test
  void aSecondServerOnTheSameSocketIsRefusedAndADeadSocketIsReplaced() throws IOException {
    assertThatThrownBy(() -> ControlServer.start(socket, "", gateway))
        .hasMessageContaining("served by another process");
    server.close();
    Files.createFile(socket);

    server = ControlServer.start(socket, "", gateway);

    assertThat(Files.exists(socket)).isTrue();
  }

  @Test
  void whatWasLeftByOneThatWasKilledBeforeItListenedGoes() throws IOException {
    server.close();
    Path left = Files.createDirectory(socket.resolveSibling(".control.sock.new"));
    Files.createFile(left.resolve("s"));

    server = ControlServer.start(socket, "", gateway);

    try (var files = Files.list(socket.getParent())) {
      assertThat(files).containsExactly(socket);
    }
  }

  @Test
  void anUnknownGroupIsSaidWithItsRemedy() {
    server.close();

    assertThatThrownBy(() -> ControlServer.start(socket, "nosuchgroup", gateway))
        .hasMessageContainingAll("nosuchgroup", "gatehouse.control.group");
    assertThat(socket).doesNotExist();
  }

  @Test
  void methodsGoThereAndBack() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.status()).isEqualTo(gateway.status);
      assertThat(client.snmpUsers().names()).containsExactly("noc");
      assertThat(client.removeSnmpUser("noc").names()).isEmpty();
      assertThat(
              client
                  .addSnmpUser(
                      new SnmpUserAddition(
                          "ops",
                          Passphrase.of("long enough".toCharArray()),
                          Passphrase.of("also long".toCharArray())))
                  .names())
          .containsExactly("ops long enough also long");
    }
  }

  @Test
  void targetsOfNotificationsGoThereAndBack() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      SnmpInformUser receiver =
          new SnmpInformUser(
              "SHA-512",
              "AES-256",
              Passphrase.of("long enough".toCharArray()),
              Passphrase.of("also long".toCharArray()));
      assertThat(
              client
                  .addSnmpTarget(
                      new SnmpTargetAddition("[2001:db8::1]:162", "ops", Optional.of(receiver)))
                  .targets())
          .containsExactly(new SnmpTarget("[2001:db8::1]:162", "long enough", true));
      assertThat(client.snmpTargets().targets()).hasSize(1);
      assertThat(client.removeSnmpTarget("192.0.2.1:162").targets()).isEmpty();
      assertThat(client.testSnmpTargets("hello").targets().getFirst().address()).isEqualTo("hello");
    }
  }

  @Test
  void aTunnelIsTakenUpAndDownByItsName() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.up(new TunnelChoice("wg0")).findings()).containsExactly(FINDING);
      assertThat(client.save(new TunnelChoice("wg0")).findings()).isEmpty();
      assertThatThrownBy(() -> client.down(new TunnelChoice("wg0"))).hasMessage("no wg0");
    }
  }

  @Test
  void aPlanIsAskedForByFiles() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.plan(PlanQuestion.DIRECTORY).text()).isEqualTo("Nothing to do.\n");
      PlannedFile file = new PlannedFile("wg0.conf", "PrivateKey = x");
      assertThat(client.plan(new PlanQuestion(List.of(file))).tunnels())
          .containsExactly(
              new TunnelPlan(
                  "PrivateKey = x", "wg0.conf", PlanOutcome.COMES_UP, List.of(), List.of()));
      assertThat(file.toString()).isEqualTo("PlannedFile[wg0.conf, (hidden)]");
    }
  }

  @Test
  void driftIsAnsweredInOneOfThreeWays() throws Exception {
    TunnelChoice choice =
        new TunnelChoice(
            "wg0", Optional.of(new ChangeOrigin(ChangeSource.COMMAND_LINE, "alice", "why")));
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.takeFile(choice).findings()).isEmpty();
      assertThatThrownBy(() -> client.takeRunning(choice)).hasMessage("wg0 of alice");
      assertThat(client.ignoreDrift(choice).findings()).containsExactly(FINDING);
    }
  }

  @Test
  void historyAndCommitGoThereAndBack() throws Exception {
    ChangeOrigin origin = new ChangeOrigin(ChangeSource.COMMAND_LINE, "alice", "why");
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.history(new RevisionRange("abcd", 7)).revisions())
          .extracting(Revision::id, Revision::time)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("abcd", 7L));
      assertThatThrownBy(() -> client.revision(new RevisionChoice("HEAD~3")))
          .hasMessage("no HEAD~3");
      assertThat(client.difference(new RevisionPair("aaaa", "HEAD")).diff())
          .isEqualTo("aaaa to HEAD");
      assertThat(client.restore(new Restoration("aaaa", "wg0.conf", origin)))
          .isEqualTo(new Restored(List.of("aaaa", "wg0.conf", "alice"), List.of(FINDING)));
      assertThat(client.beginCommit(new CommitRequest(90, origin)))
          .isEqualTo(new CommitStatus("abc", 1, 90, origin));
      assertThatThrownBy(client::confirmCommit).hasMessage("none");
      assertThat(client.revertCommit().files()).containsExactly("wg0.conf");
      gateway.status =
          new GatewayStatus(
              "1", "/t", 1, 2, List.of(), Optional.of(new CommitStatus("abc", 1, 2, origin)));
      assertThat(client.status()).isEqualTo(gateway.status);
    }
  }

  @Test
  void filesGoThereAndBackWithWhoAsked() throws Exception {
    Optional<ChangeOrigin> alice = Optional.of(new ChangeOrigin(ChangeSource.CONSOLE, "alice", ""));
    String user = "PROGRAM " + System.getProperty("user.name");
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.files()).isEqualTo(gateway.files());
      assertThatThrownBy(() -> client.readFile(new FileChoice("wg0.conf")))
          .hasMessage("no wg0.conf");
      assertThat(client.writeFile(new FileWrite("wg0.conf", "a1", "text", false, alice)))
          .isEqualTo(
              new FilesChanged(
                  List.of(new FileVersion("wg0.conf", "b2", true)),
                  "CONSOLE alice",
                  List.of(FINDING),
                  Optional.empty()));
      assertThat(
              client
                  .createFile(new FileCreation("wg0.conf", "text", true, Optional.empty()))
                  .diff())
          .as("the kernel says who, if nobody else does")
          .isEqualTo(user);
      assertThat(
              client.removeFile(new FileRemoval("wg0.conf", Optional.empty(), true, alice)).diff())
          .isEqualTo("CONSOLE alice");
      assertThat(
              client
                  .renameFile(
                      new FileRenaming("wg0.conf", "wg1.conf", Optional.empty(), true, alice))
                  .files()
                  .getFirst()
                  .name())
          .isEqualTo("wg1.conf");
      List<EditStep> steps = List.of(new EditStep.Disable("k"), new EditStep.Rename("k", "Dora"));
      assertThat(
              client
                  .edit(
                      new EditRequest(
                          List.of(new FileSteps("wg0.conf", Optional.of("a1"), steps)),
                          false,
                          Optional.empty()))
                  .files()
                  .getFirst()
                  .name())
          .isEqualTo(steps.toString());
      assertThat(client.exportFile(new FileExport("wg0.conf", alice)))
          .isEqualTo(new FileExported("wg0.conf", "c3", System.getProperty("user.name"), "alice"));
      assertThat(client.proposePeers(new ProposalRequest("wg0", 7)).peers().getFirst().addresses())
          .containsExactly("10.0.0.7/32");
    }
  }

  @Test
  void aRefusalCarriesItsFindings() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThatThrownBy(
              () ->
                  client.addPeer(
                      new PeerAddition("wg0", "", "k", List.of(), "", 0, Optional.empty())))
          .asInstanceOf(type(ControlException.class))
          .satisfies(
              e -> {
                assertThat(e.code()).isEqualTo(ControlException.REFUSED);
                assertThat(e.findings()).containsExactly(FINDING);
              });
      assertThat(client.status()).isEqualTo(gateway.status);
    }
  }

  @Test
  void aSubscriberHearsOfChangesButNotOfThePassingTime() throws Exception {
    BlockingQueue<GatewayStatus> heard = new LinkedBlockingQueue<>();
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.subscribe(heard::add)).isEqualTo(gateway.status);
      gateway.status = new GatewayStatus("1", "/t", 1, 3, List.of(TUNNEL));

      GatewayStatus first = heard.poll(60, TimeUnit.SECONDS);
      while (first != null && !first.equals(gateway.status)) {
        first = heard.poll(60, TimeUnit.SECONDS);
      }

      assertThat(first).isEqualTo(gateway.status);
    }
  }

  @Test
  void aClientOfTheFirstProtocolIsToldTheWholeStatus() throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      LineReader lines = new LineReader(channel, 1 << 20);
      send(channel, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}");
      assertThat(lines.next().orElseThrow()).contains("\"id\":1");
      gateway.status = new GatewayStatus("1", "/t", 1, 3, List.of(TUNNEL));
      RpcMessage.Notification told =
          (RpcMessage.Notification) RpcCodec.decode(lines.next().orElseThrow());
      assertThat(told.method()).isEqualTo("status");
      assertThat(RecordCodec.read(told.params(), GatewayStatus.class)).isEqualTo(gateway.status);
    }
  }

  @Test
  void whatASlowReaderHasMissedComesInOne() throws Exception {
    Outbox outbox = new Outbox();
    Feed feed = new Feed(new Snapshot(gateway.status, 0));
    GatewayStatus status = gateway.status;
    for (int i = 1; i <= 1000; i++) {
      Snapshot newest =
          new Snapshot(
              new GatewayStatus("1", "/t", 1, i, List.of(TUNNEL, named("wg" + i + ".conf"))),
              TimeUnit.MILLISECONDS.toNanos(1500L * i));
      status = newest.status();
      outbox.notification(() -> feed.next(newest));
    }
    StatusChanges changes = changes(outbox.take().orElseThrow());
    assertThat(changes.sequence()).isEqualTo(1);
    assertThat(changes.seconds()).isEqualTo(1500);
    assertThat(changes.tunnels()).hasSize(2);
    assertThat(changes.applyTo(gateway.status)).isEqualTo(status);
    GatewayStatus before = status;
    outbox.notification(
        () -> feed.next(new Snapshot(before, TimeUnit.MILLISECONDS.toNanos(1_501_000))));
    changes = changes(outbox.take().orElseThrow());
    assertThat(changes.sequence()).isEqualTo(2);
    assertThat(changes.seconds()).isEqualTo(1);
    assertThat(changes.isNothing(before)).isTrue();
    outbox.notification(() -> feed.next(new Snapshot(before, 0)));
    outbox.forgetNotification();
    outbox.close();
    assertThat(outbox.take()).isEmpty();
  }

  private static StatusChanges changes(String line) throws Exception {
    return RecordCodec.read(
        ((RpcMessage.Notification) RpcCodec.decode(line)).params(), StatusChanges.class);
  }

  @Test
  void aClientThatNeverReadsHoldsUpNobody() throws Exception {
    gateway.status = new GatewayStatus("x".repeat(200_000), "/t", 1, 2, List.of());
    try (SocketChannel stuck = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        ControlClient client = ControlClient.connect(socket)) {
      byte[] ask = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n".getBytes(UTF_8);
      for (int i = 0; i < 50; i++) {
        stuck.write(ByteBuffer.wrap(ask));
      }

      assertThat(client.status()).isEqualTo(gateway.status);
    }
  }

  @Test
  void whatIsNoRequestGetsTheCodeOfTheSpecification() throws Exception {
    assertThat(code("nonsense")).isEqualTo(ControlException.PARSE_ERROR);
    assertThat(code("[]")).isEqualTo(ControlException.INVALID_REQUEST);
    assertThat(code("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"reboot\"}"))
        .isEqualTo(ControlException.METHOD_NOT_FOUND);
    assertThat(code("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"peer.add\",\"params\":[1]}"))
        .isEqualTo(ControlException.INVALID_PARAMS);
    assertThat(code("x".repeat(ControlConnection.LONGEST_REQUEST + 1)))
        .isEqualTo(ControlException.INVALID_REQUEST);
  }

  @Test
  void aFailureInsideIsAnsweredWithoutItsDetails() throws Exception {
    gateway.status = null;

    assertThat(code("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"))
        .isEqualTo(ControlException.INTERNAL_ERROR);
  }

  @Test
  void whenTheServerStopsTheClientIsTold() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      client.status();

      server.close();

      client
          .closed()
          .toCompletableFuture()
          .handle((done, error) -> "over")
          .get(60, TimeUnit.SECONDS);
      assertThat(client.isOpen()).isFalse();
      assertThatThrownBy(client::status).isInstanceOf(IOException.class);
    }
  }

  private static void send(SocketChannel channel, String line) throws IOException {
    channel.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
  }

  private int code(String line) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer octets = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      RpcMessage answer = RpcCodec.decode(new LineReader(channel, 1 << 20).next().orElseThrow());
      assertThat(answer).isInstanceOf(RpcMessage.Failure.class);
      return ((RpcMessage.Failure) answer).error().code();
    }
  }

  private static final class FakeGateway implements Gateway {
    volatile GatewayStatus status = new GatewayStatus("1", "/t", 1, 2, List.of());

    @Override
    public PacketExplanation explain(PacketQuestion question) {
      return new PacketExplanation(
          false,
          "",
          "",
          254,
          "",
          "eth0",
          "",
          "",
          "",
          "",
          "",
          "",
          "",
          false,
          List.of("So it goes."));
    }

    @Override
    public GatewayStatus status() {
      return status;
    }

    @Override
    public PeerAdded addPeer(PeerAddition addition, ChangeOrigin origin) throws ControlException {
      throw new ControlException(ControlException.REFUSED, "no", List.of(FINDING));
    }

    @Override
    public TunnelChanged up(String tunnel, ChangeOrigin origin) {
      return new TunnelChanged(List.of(FINDING));
    }

    @Override
    public TunnelChanged down(String tunnel, ChangeOrigin origin) throws ControlException {
      throw new ControlException(ControlException.REFUSED, "no " + tunnel, List.of(FINDING));
    }

    @Override
    public TunnelChanged save(String tunnel, ChangeOrigin origin) {
      return new TunnelChanged(List.of());
    }

    @Override
    public PlanStatus plan(PlanQuestion question) {
      return new PlanStatus(
          question.files().stream()
              .map(
                  file ->
                      new TunnelPlan(
                          file.text(), file.name(), PlanOutcome.COMES_UP, List.of(), List.of()))
              .toList());
    }

    @Override
    public Approved approve(Approval approval) {
      return new Approved(approval.tunnels(), List.of(FINDING));
    }

    @Override
    public CheckReport check(CheckQuestion question) {
      return new CheckReport(question.text().isPresent(), List.of(FINDING));
    }

    @Override
    public TunnelChanged takeFile(String tunnel, ChangeOrigin origin) {
      return new TunnelChanged(List.of());
    }

    @Override
    public TunnelChanged takeRunning(String tunnel, ChangeOrigin origin) throws ControlException {
      throw new ControlException(
          ControlException.REFUSED, tunnel + " of " + origin.author(), List.of(FINDING));
    }

    @Override
    public TunnelChanged ignoreDrift(String tunnel, ChangeOrigin origin) {
      return new TunnelChanged(List.of(FINDING));
    }

    @Override
    public RevisionList history(RevisionRange range) {
      return new RevisionList(
          List.of(
              new Revision(
                  range.before(),
                  range.limit(),
                  "alice",
                  ChangeSource.COMMAND_LINE,
                  "why",
                  List.of("wg0.conf"))),
          true);
    }

    @Override
    public RevisionShown revision(String revision) throws ControlException {
      throw new ControlException(ControlException.REFUSED, "no " + revision, List.of(FINDING));
    }

    @Override
    public RevisionDiff difference(RevisionPair pair) {
      return new RevisionDiff(pair.from() + " to " + pair.to());
    }

    @Override
    public Restored restore(Restoration restoration) {
      return new Restored(
          List.of(restoration.revision(), restoration.file(), restoration.origin().author()),
          List.of(FINDING));
    }

    @Override
    public CommitStatus beginCommit(CommitRequest request) {
      return new CommitStatus("abc", 1, request.seconds(), request.origin());
    }

    @Override
    public CommitStatus confirmCommit() throws ControlException {
      throw new ControlException(ControlException.REFUSED, "none", List.of(FINDING));
    }

    @Override
    public Restored revertCommit() {
      return new Restored(List.of("wg0.conf"), List.of());
    }

    @Override
    public SnmpUsers addSnmpUser(SnmpUserAddition addition) {
      return new SnmpUsers(
          List.of(
              addition.name()
                  + " "
                  + new String(addition.authPassphrase().reveal())
                  + " "
                  + new String(addition.privPassphrase().reveal())),
          "");
    }

    @Override
    public SnmpUsers removeSnmpUser(String name) {
      return new SnmpUsers(List.of(), "");
    }

    @Override
    public SnmpUsers snmpUsers() {
      return new SnmpUsers(List.of("noc"), "127.0.0.1:1161");
    }

    @Override
    public FileList files() {
      return new FileList(
          List.of(new FileStatus("wg0.conf", FileState.RUNNING, "a1", 10, 0, 1, 2)));
    }

    @Override
    public FileText readFile(String name) throws ControlException {
      throw new ControlException(ControlException.REFUSED, "no " + name, List.of(FINDING));
    }

    @Override
    public FilesChanged writeFile(FileWrite write, ChangeOrigin origin) {
      return changed(write.name(), origin);
    }

    @Override
    public FilesChanged createFile(FileCreation creation, ChangeOrigin origin) {
      return changed(creation.name(), origin);
    }

    @Override
    public FilesChanged removeFile(FileRemoval removal, ChangeOrigin origin) {
      return changed(removal.name(), origin);
    }

    @Override
    public FilesChanged renameFile(FileRenaming renaming, ChangeOrigin origin) {
      return changed(renaming.to(), origin);
    }

    @Override
    public FilesChanged edit(EditRequest request, ChangeOrigin origin) {
      return changed(request.files().getFirst().steps().toString(), origin);
    }

    @Override
    public FileExported exportFile(String name, Caller caller, ChangeOrigin origin) {
      return new FileExported(name, "c3", caller.user(), origin.author());
    }

    @Override
    public PeerProposal propose(ProposalRequest request) {
      return new PeerProposal(
          List.of(new ProposedPeer(List.of("10.0.0." + request.count() + "/32"))),
          "",
          "",
          List.of(),
          List.of(),
          0,
          25);
    }

    private static FilesChanged changed(String name, ChangeOrigin origin) {
      return new FilesChanged(
          List.of(new FileVersion(name, "b2", true)),
          origin.source() + " " + origin.author(),
          List.of(FINDING),
          Optional.empty());
    }

    @Override
    public SnmpTargetGateway snmpTargets() {
      return new Targets();
    }

    @Override
    public BackupGateway backups() {
      throw new AssertionError("nobody asks here");
    }

    @Override
    public MonitoringGateway monitoring() {
      throw new AssertionError("nobody asks here");
    }

    private static final class Targets implements SnmpTargetGateway {
      @Override
      public SnmpTargets add(SnmpTargetAddition addition) {
        return new SnmpTargets(
            List.of(
                new SnmpTarget(
                    addition.address(),
                    addition
                        .inform()
                        .map(user -> String.valueOf(user.authPassphrase().reveal()))
                        .orElse(addition.user()),
                    addition.inform().isPresent())));
      }

      @Override
      public SnmpTargets remove(String address) {
        return new SnmpTargets(List.of());
      }

      @Override
      public SnmpTargets list() {
        return new SnmpTargets(List.of(new SnmpTarget("192.0.2.1:162", "noc", false)));
      }

      @Override
      public SnmpTargets test(String text) {
        return new SnmpTargets(List.of(new SnmpTarget(text, "noc", false)));
      }
    }
  }
}
