// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The import rules of docs/architecture.md, as far as the data plane goes. */
class ArchitectureTest {
  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.gatehouse");
  }

  @Test
  void theFileFormatDependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.gatehouse.wgquick..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.gatehouse.protocol..",
            "io.gatehouse.linux..",
            "io.gatehouse.control..",
            "io.gatehouse.daemon..")
        .check(product);
  }

  @Test
  void theProtocolDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage("io.gatehouse.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.gatehouse.linux..",
            "io.gatehouse.control..",
            "io.gatehouse.daemon..",
            "java.nio.channels..",
            "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.net.DatagramSocket.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.net.Socket.class)
        .check(product);
  }

  @Test
  void theKernelBindingsDoNotKnowTheProtocol() {
    noClasses()
        .that()
        .resideInAPackage("io.gatehouse.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.gatehouse.protocol..", "io.gatehouse.control..", "io.gatehouse.daemon..")
        .check(product);
  }

  @Test
  void theControlContractKnowsNeitherSide() {
    noClasses()
        .that()
        .resideInAPackage("io.gatehouse.control..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.gatehouse.protocol..", "io.gatehouse.linux..", "io.gatehouse.daemon..")
        .check(product);
  }

  @Test
  void onlyTheCipherTheChecksumAndDiffieHellmanUseTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gatehouse.protocol.aead..")
        .and()
        .doNotHaveFullyQualifiedName("io.gatehouse.daemon.datapath.VectorSum")
        .and()
        .haveNameNotMatching("io\\.gatehouse\\.protocol\\.(FieldLanes|X25519Lanes)")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(product);
  }

  @Test
  void onlyTheKernelBindingsUseJna() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gatehouse.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(product);
  }

  @Test
  void onlyHooksAndTheHostsManagerOfNameServersAreStarted() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.gatehouse.linux.HostProgram")
        .and()
        .doNotHaveFullyQualifiedName("io.gatehouse.daemon.tunnels.BashHooks")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .orShould()
        .callMethodWhere(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "Runtime.exec",
                call ->
                    call.getTarget().getOwner().isEquivalentTo(Runtime.class)
                        && call.getTarget().getName().equals("exec")))
        .check(product);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("io.gatehouse.(**)").should().beFreeOfCycles().check(product);
  }

  /** Keeps the rules honest: a test that finds no classes would pass everything. */
  @Test
  void theRulesSeeTheWholeDataPlane() {
    for (String type :
        new String[] {
          "io.gatehouse.wgquick.PublicKey",
          "io.gatehouse.protocol.DeviceChange",
          "io.gatehouse.linux.Errno",
          "io.gatehouse.control.GatewayStatus",
          "io.gatehouse.daemon.Settings",
        }) {
      product.get(type);
    }
  }
}
