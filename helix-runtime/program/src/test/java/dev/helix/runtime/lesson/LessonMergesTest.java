package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.faults.merge.MergeFault;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.runtime.fault.SwitchableFaults;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.graalvm.polyglot.Value;

/** The switches of the lesson are the exhibits of the museum. */
class LessonMergesTest {
  private static final LessonScript SCRIPT = LessonScript.load();

  /** The page merges one row at a time, so it has no place for an LSE of other rows. */
  private static final List<MergeFault> SWITCHES =
      MergeFaults.all().stream()
          .filter(fault -> !fault.equals(MergeFaults.TRANSPOSED_LSE))
          .toList();

  @Provide
  Arbitrary<double[]> lses() {
    Arbitrary<Double> lse =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.doubles().between(-30, 30)),
            Tuple.of(1, Arbitraries.doubles().between(-2e5, 900)),
            Tuple.of(1, Arbitraries.just(Double.NEGATIVE_INFINITY)));
    return lse.list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * JavaScript and Java both have their own exponential and logarithm, each within two units of the
   * last place. With at most 8 shards of outputs up to 8 in magnitude, numerator and denominator
   * are then off by at most (2·2 + 8 + 2)·2⁻⁵² of 8 times the weights, and so is their quotient
   * twice. A fold rounds as often again for each of its shards. An LSE x is off by its own
   * rounding, 8·(|x| + 1) units. Conversions of the base double that.
   */
  @Property(tries = 300, seed = "7323")
  void aSwitchIsItsExhibit(@ForAll("lses") double[] lses, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] outputs = random.doubles(lses.length * 2L, -8, 8).toArray();
    for (MergeFault fault : SWITCHES) {
      double[] given = Arrays.stream(lses).map(fault.given().base()::fromNatural).toArray();
      PlainStates merged = fault.merged(new PlainStates(lses.length, 1, 1, outputs, given));
      Value found =
          SCRIPT
              .of("MERGES")
              .invokeMember("get", SwitchableFaults.key(fault))
              .execute(array(lses), rows(outputs));
      for (int i = 0; i < 2; i++) {
        near(
            merged.outputs()[i],
            found.getArrayElement(1).getArrayElement(i).asDouble(),
            8 * 64 * 0x1p-52 * largestGap(lses),
            fault);
      }
      double lse = fault.given().base().toNatural(merged.lses()[0]);
      near(lse, found.getArrayElement(0).asDouble(), 0x1p-48 * (Math.abs(lse) + 1), fault);
    }
  }

  /** An exponential of a rounded difference of x is off by x units, relatively. */
  private static double largestGap(double[] lses) {
    double most = Arrays.stream(lses).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    return 1 + most;
  }

  @Example
  void theRightMergeBreaksNoLawAndEveryOtherSwitchBreaksOne() {
    Value merges = SCRIPT.of("MERGES");
    assertEquals(
        0, SCRIPT.of("brokenLaws").execute(merges.invokeMember("get", "right")).getArraySize());
    for (MergeFault fault : SWITCHES) {
      Value broken =
          SCRIPT.of("brokenLaws").execute(merges.invokeMember("get", SwitchableFaults.key(fault)));
      assertTrue(broken.getArraySize() > 0, fault.story().name());
    }
  }

  @Example
  void everySwitchThatHasAnExhibitIsThere() {
    Value merges = SCRIPT.of("MERGES");
    for (MergeFault fault : SWITCHES) {
      assertFalse(
          merges.invokeMember("get", SwitchableFaults.key(fault)).isNull(), fault.story().name());
    }
  }

  private static void near(double expected, double found, double bound, MergeFault fault) {
    boolean same =
        Double.compare(expected, found) == 0
            || Math.abs(expected - found) <= bound
            || (Double.isNaN(expected) && Double.isNaN(found));
    assertTrue(same, () -> fault.story().name() + ": " + expected + " and " + found);
  }

  private static Object array(double[] numbers) {
    return SCRIPT.of("MERGES").getContext().eval("js", "[" + text(numbers) + "]");
  }

  private static Object rows(double[] outputs) {
    String rows =
        IntStream.range(0, outputs.length / 2)
            .mapToObj(i -> "Float64Array.of(" + outputs[2 * i] + "," + outputs[2 * i + 1] + ")")
            .collect(Collectors.joining(","));
    return SCRIPT.of("MERGES").getContext().eval("js", "[" + rows + "]");
  }

  private static String text(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(","));
  }
}
