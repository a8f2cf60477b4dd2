// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AeadEnginesTest {
  @Test
  void startsWithTheEngineThatNeedsNoCompilerAndThenTakesTheFaster() {
    AeadEngines.Choice choice = AeadEngines.choose(AeadEngines.AUTO);
    assertThat(choice.name()).isEqualTo("libcrypto");
    assertThat(choice.rejected()).isEmpty();
    Aead made = choice.create();
    assertThat(made.name()).isEqualTo("libcrypto");
    assertThat(made).isNotSameAs(choice.create());

    String outcome = choice.settle(() -> {});

    assertThat(outcome)
        .matches(
            "Packets are encrypted by (libcrypto|vector-\\d+): vector-\\d+ needs \\d+, \\d+ and \\d+ ns"
                + " for 64, 576 and 1420 octets, libcrypto needs \\d+, \\d+ and \\d+ ns\\.")
        .contains("encrypted by " + choice.name());
    assertThat(made.name()).isEqualTo(choice.name());
    assertThat(KnownAnswers.firstFault(made)).isEmpty();
  }

  @Test
  void winsARaceByTheSmallerTime() {
    Aead fast = new LibcryptoAead();
    Aead slow = new BouncyCastleAead();
    assertThat(AeadRace.run(fast, slow).firstWins()).isTrue();
    assertThat(AeadRace.run(slow, fast).firstWins()).isFalse();
  }

  @Test
  void anEngineInUseIsReplacedBetweenTwoPackets() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = KnownAnswers.key(arena);
      MemorySegment packet = arena.allocate(100 + Aead.TAG_LENGTH);
      AtomicReference<Supplier<Aead>> choice = new AtomicReference<>(LibcryptoAead::new);
      Aead aead = new ReplaceableAead(choice::get);
      aead.seal(key, 7, packet, 0, 100);
      choice.set(BouncyCastleAead::new);
      assertThat(aead.open(key, 7, packet, 0, 116)).isTrue();
      assertThat(aead.name()).isEqualTo("bouncycastle");
      assertThat(packet.asSlice(0, 100).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void takesTheEngineThatASettingNames() {
    assertThat(AeadEngines.choose(AeadEngines.VECTOR).create()).isInstanceOf(VectorAead.class);
    assertThat(AeadEngines.choose(AeadEngines.LIBCRYPTO).create())
        .isInstanceOf(LibcryptoAead.class);
    assertThat(AeadEngines.choose(AeadEngines.LIBCRYPTO).settle(() -> {}))
        .isEqualTo("Packets are encrypted by libcrypto.");
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
        .hasMessageContaining("auto, vector, libcrypto or bouncycastle");
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
