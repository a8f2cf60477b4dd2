// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gatehouse.control.ChangeOrigin;
import io.gatehouse.control.ChangeSource;
import io.gatehouse.control.ControlException;
import io.gatehouse.control.EditRequest;
import io.gatehouse.control.EditStep;
import io.gatehouse.control.FileSteps;
import io.gatehouse.control.FilesChanged;
import io.gatehouse.server.api.DataPlaneReadiness;
import io.gatehouse.server.api.DriftResource;
import io.gatehouse.server.gateway.Gateway;
import io.gatehouse.server.gateway.GatewayView;
import io.gatehouse.server.gateway.Rates;
import io.gatehouse.server.handover.Links;
import io.gatehouse.server.views.SavedViews;
import io.gatehouse.webapp.AnyCertificate;
import io.gatehouse.webapp.ConsoleState;
import io.gatehouse.webapp.fake.FakeGateway;
import io.gatehouse.webapp.inside.PlayedDataPlane;
import io.gatehouse.webapp.inside.TestDoor;
import io.gatehouse.webapp.pending.Pending;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.HttpsURLConnection;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The console's beans and services from within the real server, which makes them, gives them to
 * each other, has them told of events, and ends them. Each test is a request of its own, by nobody
 * who is known, and is given what it asks for as any bean is. One story, told in order.
 */
@ArquillianTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BeansIT {
  private static final String PASSWORD = "a quiet river stone";

  @Inject private Accounts accounts;
  @Inject private Admission admission;
  @Inject private Audit audit;
  @Inject private Sessions sessions;
  @Inject private Gateway gateway;
  @Inject private Rates rates;
  @Inject private Links links;
  @Inject private SavedViews views;
  @Inject private Pending pending;
  @Inject private Pending pendingAgain;
  @Inject private DriftResource drift;
  @Inject @Readiness private DataPlaneReadiness readiness;
  @Inject private HttpServletRequest request;
  @Inject private Config config;
  @Inject private PlayedDataPlane dataPlane;

  @Inject
  @ConfigProperty(name = "gatehouse.console.state")
  private Path state;

  /** The archive as it is delivered, and beside it what plays and looks. */
  @Deployment
  static WebArchive console() throws IOException, URISyntaxException {
    ConsoleState.clear(Path.of(System.getProperty("it.directory")).resolve("state"));
    HttpsURLConnection.setDefaultSSLSocketFactory(AnyCertificate.trusted().getSocketFactory());
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/console.war"))
        .addPackages(false, FakeGateway.class.getPackage())
        .addClasses(PlayedDataPlane.class, TestDoor.class)
        .addClasses(AnyCertificate.class, ConsoleState.class)
        .addAsLibrary(
            new File(Assertions.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
  }

  @Test
  @Order(1)
  void servicesHaveBegunBeforeAnybodyComes() {
    assertThat(accounts.needSetup()).isTrue();
    assertThat(state.resolve("setup-code")).exists();
    until(() -> gateway.view().connected());
  }

  @Test
  @Order(2)
  void whoHasNotLoggedInIsBoundToTheRequestAsAStranger() {
    assertThat(Caller.current().role()).isEmpty();
    assertThat(Caller.current().address()).isEqualTo("127.0.0.1");
    assertThatExceptionOfType(Forbidden.class)
        .isThrownBy(() -> gateway.ask(client -> client.files()));
  }

  @Test
  @Order(3)
  void aSettingIsThatOfItsStrongestSource() {
    assertThat(config.getConfigValue("gatehouse.control.socket").getRawValue())
        .as("a variable of the server")
        .contains("/it/")
        .endsWith("/control.sock");
    String name = "gatehouse.console.address";
    assertThat(config.getConfigValue(name).getSourceName()).isEqualTo("gatehouse settings");
    assertThat(config.getValue(name, String.class)).isEqualTo("127.0.0.1");
    System.setProperty(name, "192.0.2.1");
    try {
      assertThat(config.getValue(name, String.class))
          .as("a system property")
          .isEqualTo("192.0.2.1");
    } finally {
      System.clearProperty(name);
    }
    assertThat(config.getValue(name, String.class)).isEqualTo("127.0.0.1");
  }

  @Test
  @Order(4)
  void aPasswordIsKeptAsTheHashOfTheContainer() throws Exception {
    String code = Files.readString(state.resolve("setup-code")).strip();
    assertThat(accounts.claim(code, "admin", PASSWORD).role()).isEqualTo(Role.ADMIN);
    assertThat(state.resolve("users"))
        .content()
        .startsWith("admin:admin:PBKDF2WithHmacSHA512:210000:");
    assertThat(state.resolve("setup-code")).doesNotExist();
    assertThat(accounts.verify("admin", PASSWORD)).isTrue();
    assertThat(accounts.verify("admin", PASSWORD + "s")).isFalse();
    assertThatExceptionOfType(AccountRefusal.class)
        .as("a code works once")
        .isThrownBy(() -> accounts.claim(code, "second", PASSWORD));
  }

  @Test
  @Order(5)
  void aSessionHasAnotherNameAfterTheLogInAndEndsWithTheContainers() {
    String planted = request.getSession(true).getId();
    assertThat(admission.logIn(request, "admin", PASSWORD)).isEqualTo(new Admission.Outcome.In());
    assertThat(request.getSession().getId()).isNotEqualTo(planted);
    assertThat(sessions.of(request)).map(Sessions.Login::user).hasValue("admin");
    request.getSession().invalidate();
    assertThat(sessions.all(login -> true)).isEmpty();
  }

  @Test
  @Order(6)
  void changesThatWaitBelongToTheSession() {
    pending.rewrite("office.conf", "8f3a", "[Interface]\n");
    assertThat(pendingAgain.getChanges()).as("by whatever bean they are asked for").isEqualTo(1);
    assertThat(request.getSession(false)).isNotNull();
  }

  @Test
  @Order(7)
  void anotherSessionHasChangesOfItsOwn() {
    assertThat(pending.getChanges()).isZero();
  }

  @Test
  @Order(8)
  void theGateLetsPassByRoleAndWritesDown() throws Exception {
    assertThatExceptionOfType(Forbidden.class).isThrownBy(() -> edit("by a stranger"));
    assertThatExceptionOfType(Forbidden.class)
        .isThrownBy(() -> as("victor", Role.VIEWER, () -> edit("by a viewer")));
    assertThatExceptionOfType(Forbidden.class)
        .isThrownBy(() -> as("erika", Role.OPERATOR, () -> edit("by an operator")));
    assertThat(dataPlane.edited()).isEmpty();
    as("admin", Role.ADMIN, () -> edit("by an administrator"));
    assertThat(dataPlane.edited()).contains("by an administrator");
    assertThat(audit.newest(entry -> entry.action().equals("edit"), 0, 10))
        .extracting(AuditEntry::user, AuditEntry::result)
        .containsExactly(
            Assertions.tuple("admin", AuditEntry.Result.DONE),
            Assertions.tuple("erika", AuditEntry.Result.FORBIDDEN),
            Assertions.tuple("victor", AuditEntry.Result.FORBIDDEN),
            Assertions.tuple("", AuditEntry.Result.FORBIDDEN));
  }

  @Test
  @Order(9)
  void whoeverCallsAResourcePastItsFilterMayNoMore() throws Exception {
    assertThatExceptionOfType(Forbidden.class)
        .isThrownBy(() -> as("victor", Role.VIEWER, () -> drift.takeFile("office", "")));
    assertThatExceptionOfType(Forbidden.class)
        .isThrownBy(() -> as("erika", Role.OPERATOR, () -> drift.takeRunning("office", "")));
    assertThat(as("erika", Role.OPERATOR, () -> drift.takeFile("office", "")).findings()).isEmpty();
  }

  @Test
  @Order(10)
  void whatCannotBeWrittenDownIsNotDone() throws Exception {
    String before = dataPlane.edited();
    Path log = state.resolve("audit.log");
    Path aside = state.resolve("aside");
    audit.close();
    Files.move(log, aside);
    Files.createDirectory(log);
    try {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> as("admin", Role.ADMIN, () -> edit("without a trace")));
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> as("admin", Role.ADMIN, () -> link("without a trace")));
    } finally {
      Files.delete(log);
      Files.move(aside, log);
    }
    assertThat(dataPlane.edited()).isEqualTo(before);
    assertThat(as("admin", Role.ADMIN, links::list)).isEmpty();
  }

  @Test
  @Order(11)
  void allRequestsShareOneServiceAndItsFileIsWholeAtAnyTime() throws Exception {
    List<Future<Boolean>> saved = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2 * SavedViews.MOST; i++) {
        String name = "view " + i;
        saved.add(threads.submit(() -> views.save("admin", new SavedViews.View(name, "q=a"))));
      }
    }
    assertThat(saved.stream().filter(Future::resultNow)).hasSize(SavedViews.MOST);
    assertThat(new SavedViews(state).of("admin"))
        .as("what another start would read")
        .isEqualTo(views.of("admin"))
        .hasSize(SavedViews.MOST);
    try (var files = Files.list(state)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("no draft is left")
          .noneMatch(name -> name.startsWith(".views"));
    }
  }

  @Test
  @Order(12)
  void ofManyWhoOpenALinkAtOnceOneGetsTheFile() throws Exception {
    String id = as("erika", Role.OPERATOR, () -> link("ana-phone"));
    List<Future<Optional<String>>> taken = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        taken.add(threads.submit(() -> links.take(id)));
      }
    }
    assertThat(taken.stream().flatMap(one -> one.resultNow().stream())).containsExactly("c2VhbGVk");
  }

  @Test
  @Order(13)
  void everyServiceIsToldOfTheGatewayInOrder() {
    until(() -> times().size() > 1 && !rates.gateway().equals(Rates.Flow.NONE));
    assertThat(times()).isSorted();
  }

  @Test
  @Order(14)
  void readyIsWhoHasADataPlane() throws IOException {
    until(() -> readiness.call().getStatus() == HealthCheckResponse.Status.UP);
    dataPlane.go();
    until(() -> readiness.call().getStatus() == HealthCheckResponse.Status.DOWN);
    assertThat(gateway.view().status()).as("what was known stays to be shown").isPresent();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> as("admin", Role.ADMIN, () -> edit("to nobody")));
    dataPlane.come();
    until(() -> readiness.call().getStatus() == HealthCheckResponse.Status.UP);
  }

  /** When the states were that the console has told its services of. */
  private List<Long> times() {
    return dataPlane.heard().stream()
        .filter(GatewayView::connected)
        .map(view -> view.status().orElseThrow().time())
        .toList();
  }

  private FilesChanged edit(String why) throws IOException, ControlException {
    EditStep step = new EditStep.Set(Optional.empty(), "ListenPort", List.of("51820"));
    EditRequest edit =
        new EditRequest(
            List.of(new FileSteps("office.conf", Optional.empty(), List.of(step))),
            false,
            Optional.of(new ChangeOrigin(ChangeSource.CONSOLE, Caller.current().name(), why)));
    return gateway.ask(client -> client.edit(edit));
  }

  private String link(String label) throws IOException, Links.Full {
    return links.make("c2VhbGVk", label, Duration.ofHours(1));
  }

  private interface Deed<T, X extends Exception> {
    T run() throws X;
  }

  /** Does something as whoever has that role, and is a stranger again. */
  private static <T, X extends Exception> T as(String name, Role role, Deed<T, X> deed) throws X {
    Caller before = Caller.current();
    Caller.bind(new Caller(name, Optional.of(role), "192.0.2.7", Caller.Way.SESSION));
    try {
      return deed.run();
    } finally {
      Caller.bind(before);
    }
  }

  /** Waits until something is so, since the data plane speaks when it likes. */
  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("a minute is over").isLessThan(end);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
