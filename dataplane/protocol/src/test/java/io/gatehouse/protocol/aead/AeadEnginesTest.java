// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AeadEnginesTest {
  @Test
  void prefersTheVectorEngineWhereItWorks() {
    AeadEngines.Choice choice = AeadEngines.choose(AeadEngines.AUTO);
    assertThat(choice.name()).startsWith("vector-");
    assertThat(choice.rejected()).isEmpty();
    assertThat(choice.create()).isInstanceOf(VectorAead.class).isNotSameAs(choice.create());
  }

  @Test
  void takesTheFallbackWhenToldTo() {
    assertThat(AeadEngines.create(AeadEngines.BOUNCY_CASTLE)).isInstanceOf(BouncyCastleAead.class);
  }

  @Test
  void saysWhichPreferencesThereAre() {
    assertThatThrownBy(() -> AeadEngines.choose("openssl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"openssl\"")
        .hasMessageContaining("auto, vector or bouncycastle");
  }

  /** Stands in for an administrator's own start command without the module. */
  @Test
  void fallsBackWithAReasonWhenTheVectorModuleIsMissing() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutVectorModule.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("chosen bouncycastle")
        .contains("rejected vector: cannot be loaded")
        .contains("--add-modules jdk.incubator.vector");
  }

  /** Main class of the process started without the module. */
  static final class WithoutVectorModule {
    private WithoutVectorModule() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      AeadEngines.Choice choice = AeadEngines.choose(AeadEngines.AUTO);
      System.out.println("chosen " + choice.create().name());
      choice
          .rejected()
          .forEach(each -> System.out.println("rejected " + each.engine() + ": " + each.reason()));
    }
  }
}
