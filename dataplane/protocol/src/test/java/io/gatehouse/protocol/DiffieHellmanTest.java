// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How vectors come to serve: compiled as they must be, or not at all. */
class DiffieHellmanTest {
  /** What a process with such words for its VM says of its settling. */
  private static String settled(String... words) throws IOException, InterruptedException {
    return said(Settling.class, words);
  }

  private static String said(Class<?> main, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(List.of(words));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    return output;
  }

  /** Main class of the other process. */
  static final class Settling {
    private Settling() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      System.out.println(DiffieHellman.settle(Duration.ofMinutes(2), () -> {}));
      System.out.println("in lanes: " + X25519.inLanes());
    }
  }

  /** Main class of a process that shakes hands before anything has settled. */
  static final class ShakingHands {
    private ShakingHands() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      byte[][] key = new byte[6][Primitives.KEY];
      for (byte[] octets : key) {
        octets[0] = 9;
      }
      int[] done = {0};
      DiffieHellman.whenWanted(() -> System.out.println("wanted after " + done[0]));
      for (; done[0] < 3 * DiffieHellman.MANY; done[0]++) {
        boolean _ = Primitives.dhBoth(key[0], key[1], key[2], key[3], key[4], key[5]);
      }
    }
  }

  @Test
  void manyHandshakesWantVectorsOnce() throws Exception {
    assertThat(said(ShakingHands.class).strip())
        .isEqualTo("wanted after " + (DiffieHellman.MANY - 1));
  }

  @Test
  void withoutTheModuleOfVectorsAllStaysAsItIs() throws Exception {
    assertThat(settled())
        .contains("without vectors: vectors cannot be loaded")
        .contains("in lanes: false");
  }

  /** Half compiled vectors are objects, and settling waits until there are none. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void vectorsAreCompiledToRegistersWithAvx2AndWithAvx512(int avx) throws Exception {
    assertThat(settled("--add-modules=jdk.incubator.vector", "-XX:UseAVX=" + avx))
        .contains("Diffie-Hellman is computed")
        .doesNotContain("cannot be loaded", "other results", "not compiled");
  }

  @ParameterizedTest
  @ValueSource(classes = {FieldLanes.class, X25519Lanes.class})
  void theArithmeticComparesAndDividesNoSecrets(Class<?> type) throws Exception {
    List<Opcode> opcodes;
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      opcodes =
          ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes()).methods().stream()
              .flatMap(method -> method.code().stream())
              .flatMap(code -> code.elementStream())
              .filter((CodeElement element) -> element instanceof Instruction)
              .map(element -> ((Instruction) element).opcode())
              .toList();
    }
    assertThat(opcodes)
        .isNotEmpty()
        .doesNotContain(
            Opcode.LCMP,
            Opcode.DCMPL,
            Opcode.DCMPG,
            Opcode.LDIV,
            Opcode.LREM,
            Opcode.DDIV,
            Opcode.DREM,
            Opcode.TABLESWITCH,
            Opcode.LOOKUPSWITCH);
  }
}
