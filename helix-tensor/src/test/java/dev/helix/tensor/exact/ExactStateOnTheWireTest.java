package dev.helix.tensor.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Exact state crosses between ranks unrounded, whole or in parts, along any axis. */
class ExactStateOnTheWireTest {
  private static final Spec SPEC =
      Spec.of(DType.F64, new Dim(Axis.BATCH, 2), new Dim(Axis.HEADS, 6), new Dim(Axis.HEAD_DIM, 4));

  private final ExactRank rank = new ExactRank(RankScope.alone(0));
  private final ExactWire wire = new ExactWire(rank);

  @Property(tries = 60, seed = "1")
  void partsAlongAnyAxisPutTogetherAreTheWhole(@ForAll long seed) {
    ExactTensor sums = sums(seed);
    ExactTensor numbers = rank.tensor(SPEC, numbers(seed));
    for (Axis axis : List.of(Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM)) {
      int half = SPEC.size(axis) / 2;
      ExactTensor sumsBack = wire.decode(SPEC, axis, halves(sums, axis, half));
      assertEquals(sums.sums("test"), sumsBack.sums("test"), axis.toString());
      ExactTensor numbersBack = wire.decode(SPEC, axis, halves(numbers, axis, half));
      assertArrayEquals(numbers.values("test"), numbersBack.values("test"), axis.toString());
    }
  }

  @Property(tries = 60, seed = "2")
  void theOrderOfTheTermsDoesNotShowInTheSum(@ForAll long seed) {
    List<ByteBuffer> parts = new ArrayList<>();
    ExactSums expected = new ExactSums(4);
    for (int i = 0; i < 5; i++) {
      ExactTensor term = i == 3 ? rank.tensor(SPEC, numbers(seed)) : sums(seed + i);
      parts.add(whole(term));
      if (term.isUnfinished()) {
        expected.add(term.sums("test").get(0));
      } else {
        for (int k = 0; k < 4; k++) {
          expected.add(k, term.values("test")[k], 0);
        }
      }
    }
    double[] sum = wire.sum(SPEC, parts).values("test");
    assertArrayEquals(expected.round(), Arrays.copyOf(sum, 4));
    Collections.shuffle(parts, new Random(seed));
    assertArrayEquals(sum, wire.sum(SPEC, parts).values("test"));
  }

  @Example
  void equalSumsAreEqualBytes() {
    ExactSums once = new ExactSums(1);
    once.add(0, 3, 100);
    ExactSums detour = new ExactSums(1);
    detour.add(0, 1, 900);
    detour.add(0, 3, 100);
    detour.add(0, -1, 900);
    Spec spec = Spec.of(DType.F64, Axis.HIDDEN, 1);
    assertEquals(
        wire.encode(rank.unfinished(spec, List.of(once)), Axis.HIDDEN, 0, 1),
        wire.encode(rank.unfinished(spec, List.of(detour)), Axis.HIDDEN, 0, 1));
  }

  @Example
  void partialSumsAreNoNumbersYet() {
    ExactTensor sums = sums(7);
    ExactKernels kernels = new ExactKernels(rank, new ExactConstants());
    assertThrows(IllegalArgumentException.class, () -> kernels.add(Phase.NORM, sums, sums));
    assertArrayEquals(sums.sums("test").get(0).round(), Arrays.copyOf(kernels.toHost(sums), 4));
  }

  private List<ByteBuffer> halves(ExactTensor tensor, Axis axis, int half) {
    return List.of(wire.encode(tensor, axis, 0, half), wire.encode(tensor, axis, half, 2 * half));
  }

  private ByteBuffer whole(ExactTensor tensor) {
    return wire.encode(tensor, Axis.BATCH, 0, 2);
  }

  private static double[] numbers(long seed) {
    HardDoubles hard = new HardDoubles(seed);
    double[] numbers = new double[Math.toIntExact(SPEC.elements())];
    Arrays.setAll(numbers, i -> hard.next());
    return numbers;
  }

  private ExactTensor sums(long seed) {
    HardDoubles hard = new HardDoubles(seed);
    List<ExactSums> runs = new ArrayList<>();
    for (int run = 0; run < 12; run++) {
      ExactSums sums = new ExactSums(4);
      for (int term = 0; term < 3; term++) {
        double[] values = {hard.next(), hard.next(), hard.next(), 0};
        sums.addProducts(hard.anyExponent(-40, 40), values, 0);
      }
      runs.add(sums);
    }
    return rank.unfinished(SPEC, runs);
  }
}
