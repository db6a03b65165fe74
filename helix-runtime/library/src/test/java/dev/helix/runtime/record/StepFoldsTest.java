package dev.helix.runtime.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class StepFoldsTest {
  private static final TapPoint EMBEDDING = new TapPoint(TapPoint.OUTSIDE, Quantity.EMBEDDING);
  private static final TapPoint MIDDLE = new TapPoint(0, Quantity.MIDDLE);
  private static final TapPoint HIDDEN = new TapPoint(0, Quantity.HIDDEN);
  private static final List<QueryToken> STEP = List.of(new QueryToken(0, 4), new QueryToken(1, 0));
  private static final double[] VALUES = {1, 0, -3.5, 1e-310, 7, 7, 0x1.fp900, -0.25};

  @Test
  void ranksThatSawTheSameBitsAgree() {
    assertEquals(Optional.empty(), seen(VALUES).firstDifference(1, 0, seen(VALUES.clone())));
    assertEquals(Optional.empty(), new StepFolds().firstDifference(1, 0, new StepFolds()));
  }

  @Test
  void oneChangedBitAnywhereIsSeen() {
    for (int bit = 0; bit < VALUES.length * Long.SIZE; bit++) {
      assertSeen(flipped(Set.of(bit)));
    }
  }

  /** 512 bits in 8 numbers: two changes must not undo each other, whichever they are. */
  @Test
  void twoChangedBitsDoNotUndoEachOther() {
    for (int first = 0; first < VALUES.length * Long.SIZE; first += 7) {
      for (int second = 0; second < VALUES.length * Long.SIZE; second++) {
        if (first != second) {
          assertSeen(flipped(Set.of(first, second)));
        }
      }
    }
  }

  @Property(seed = "20250220", tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void severalChangedBitsDoNotUndoEachOther(
      @ForAll @Size(min = 1, max = 9) Set<@IntRange(max = 511) Integer> bits) {
    assertSeen(flipped(bits));
  }

  @Test
  void aVectorOfTheOtherSignIsSeen() {
    double[] negated = Arrays.stream(VALUES).map(value -> -value).toArray();
    assertSeen(negated);
  }

  @Test
  void zerosOfDifferentSignAreDifferentBits() {
    StepFolds positive = seen(0.0, 0.0);
    StepFolds negative = seen(-0.0, -0.0);
    assertTrue(positive.firstDifference(1, 0, negative).isPresent());
  }

  @Test
  void numbersInAnotherOrderAreSeen() {
    double[] swapped = VALUES.clone();
    swapped[0] = VALUES[1];
    swapped[1] = VALUES[0];
    assertSeen(swapped);
    assertSeen(Arrays.copyOf(VALUES, VALUES.length - 1));
    assertSeen(Arrays.copyOf(VALUES, VALUES.length + 1));
  }

  @Test
  void theFirstDifferenceIsNamedAndNotALaterOne() {
    StepFolds reference = new StepFolds();
    reference.keep(EMBEDDING, STEP, VALUES);
    reference.keep(MIDDLE, STEP, VALUES);
    reference.keep(HIDDEN, STEP, VALUES);
    StepFolds other = new StepFolds();
    other.keep(EMBEDDING, STEP, VALUES);
    other.keep(MIDDLE, STEP, flipped(Set.of(3)));
    other.keep(HIDDEN, STEP, flipped(Set.of(5)));
    assertEquals(
        Optional.of("rank 3 differs from rank 0 at layer 0, hidden after attention of " + STEP),
        other.firstDifference(3, 0, reference));
  }

  @Test
  void theSameNumbersAtAnotherPlaceOrForOtherTokensDiffer() {
    StepFolds elsewhere = new StepFolds();
    elsewhere.keep(HIDDEN, STEP, VALUES);
    assertTrue(elsewhere.firstDifference(1, 0, seen(VALUES)).isPresent());
    StepFolds others = new StepFolds();
    others.keep(MIDDLE, List.of(STEP.get(1), STEP.get(0)), VALUES);
    assertTrue(others.firstDifference(1, 0, seen(VALUES)).isPresent());
  }

  @Test
  void aRankThatSawMoreOrLessDiffers() {
    StepFolds shorter = seen(VALUES);
    StepFolds longer = seen(VALUES);
    longer.keep(HIDDEN, STEP, VALUES);
    assertEquals(
        Optional.of("rank 2 saw 1 tensors, rank 0 2"), shorter.firstDifference(2, 0, longer));
    assertEquals(
        Optional.of("rank 2 saw 2 tensors, rank 0 1"), longer.firstDifference(2, 0, shorter));
  }

  private static StepFolds seen(double... values) {
    StepFolds agreement = new StepFolds();
    agreement.keep(MIDDLE, STEP, values);
    return agreement;
  }

  private static void assertSeen(double[] changed) {
    assertTrue(
        seen(changed).firstDifference(1, 0, seen(VALUES)).isPresent(),
        () -> "not seen: " + Arrays.toString(changed));
  }

  /** {@link #VALUES} with some of their 512 bits changed. */
  private static double[] flipped(Set<Integer> bits) {
    long[] raw = Arrays.stream(VALUES).mapToLong(Double::doubleToRawLongBits).toArray();
    for (int bit : bits) {
      raw[bit / Long.SIZE] ^= 1L << (bit % Long.SIZE);
    }
    return Arrays.stream(raw).mapToDouble(Double::longBitsToDouble).toArray();
  }
}
