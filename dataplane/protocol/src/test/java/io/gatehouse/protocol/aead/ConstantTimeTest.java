// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.protocol.aead;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the class files show of constant time: secrets are longs and vectors, so arithmetic that
 * compares no long, asks no lane and divides nothing cannot branch on them. What the compiler of
 * the machine makes of it is out of reach here.
 */
class ConstantTimeTest {
  @ParameterizedTest
  @ValueSource(classes = {Poly1305.class, VectorPoly1305.class, VectorChaCha20.class})
  void theArithmeticComparesNoSecrets(Class<?> type) throws Exception {
    assertThat(opcodes(type)).isNotEmpty().doesNotContain(Opcode.LCMP, Opcode.LDIV, Opcode.LREM);
  }

  @Test
  void theTagIsComparedAsAWholeByOneComparison() throws Exception {
    assertThat(opcodes(VectorAead.class)).containsOnlyOnce(Opcode.LCMP);
  }

  @Test
  void poly1305sMultiplicationAndBlockHaveNoBranchAtAll() throws Exception {
    for (String method : new String[] {"multiply", "block"}) {
      assertThat(instructions(Poly1305.class, method))
          .as(method)
          .isNotEmpty()
          .noneMatch(
              instruction ->
                  instruction.opcode().kind() == Opcode.Kind.BRANCH
                      || instruction.opcode().kind() == Opcode.Kind.TABLE_SWITCH
                      || instruction.opcode().kind() == Opcode.Kind.ARRAY_LOAD);
    }
  }

  @Test
  void everyBitOfTheTagCounts() {
    // The other half of "as a whole": nothing of the tag is left out.
    for (Aead aead : new Aead[] {new VectorAead(), new LibcryptoAead(), new BouncyCastleAead()}) {
      refusesEachFlippedBitOfATag(aead);
    }
  }

  private static void refusesEachFlippedBitOfATag(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = KnownAnswers.key(arena);
      MemorySegment packet = arena.allocate(200 + Aead.TAG_LENGTH);
      for (int bit = 0; bit < 8 * Aead.TAG_LENGTH; bit++) {
        aead.seal(key, bit, packet, 0, 200);
        long at = 200L + bit / 8;
        byte right = packet.get(ValueLayout.JAVA_BYTE, at);
        packet.set(ValueLayout.JAVA_BYTE, at, (byte) (right ^ 1 << bit % 8));
        assertThat(aead.open(key, bit, packet, 0, 216))
            .as("%s, bit %d", aead.name(), bit)
            .isFalse();
      }
    }
  }

  private static List<Opcode> opcodes(Class<?> type) throws IOException {
    return methods(type).flatMap(ConstantTimeTest::instructions).map(Instruction::opcode).toList();
  }

  private static List<Instruction> instructions(Class<?> type, String method) throws IOException {
    return methods(type)
        .filter(each -> each.methodName().equalsString(method))
        .flatMap(ConstantTimeTest::instructions)
        .toList();
  }

  private static Stream<MethodModel> methods(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes()).methods().stream();
    }
  }

  private static Stream<Instruction> instructions(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter((CodeElement element) -> element instanceof Instruction)
        .map(Instruction.class::cast);
  }
}
