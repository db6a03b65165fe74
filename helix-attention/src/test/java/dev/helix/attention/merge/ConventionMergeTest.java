package dev.helix.attention.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.attention.faults.merge.RowMerge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The merge of each convention is a right one. */
class ConventionMergeTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  static Stream<Arguments> conventions() {
    return NamedConventions.all().stream().map(c -> Arguments.of(c.origin().name(), c));
  }

  /** exp(200) is infinite in FP32. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("conventions")
  void aPartOfAllTheWeightIsTheAnswer(String name, Convention convention) {
    double[] light = {0.5, -0.25};
    double[] heavy = {-1.5, 3};
    double[] empty = {Double.NaN, Double.NaN};
    ConventionMerge merge = new ConventionMerge(convention);
    for (double[] lses : new double[][] {{300, 3, 3}, {3, 300, 3}, {3, 300, 600}}) {
      double most = Arrays.stream(lses).max().orElseThrow();
      double[][] outputs =
          Arrays.stream(lses).mapToObj(l -> l == most ? heavy : light).toArray(double[][]::new);
      assertArrayEquals(heavy, merge.merged(lses, outputs), name);
    }
    assertArrayEquals(
        heavy,
        merge.merged(new double[] {NONE, -7, NONE}, new double[][] {empty, heavy, empty}),
        name);
    assertArrayEquals(
        new double[2],
        merge.merged(new double[] {NONE, NONE, NONE}, new double[][] {empty, empty, empty}),
        name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conventions")
  void answersAreWithinTheBoundsOfTheConvention(String name, Convention convention) {
    Random random = new Random(5);
    double largest = 0;
    for (int trial = 0; trial < 200; trial++) {
      int parts = 2 + random.nextInt(4);
      double[] lses = new double[parts];
      double[][] outputs = new double[parts][4];
      for (int part = 0; part < parts; part++) {
        lses[part] = convention.formats().lse().round(6 * random.nextGaussian());
        Arrays.setAll(
            outputs[part], i -> convention.formats().partial().round(random.nextGaussian()));
      }
      double[] nats = Arrays.stream(lses).map(convention.base()::toNatural).toArray();
      double[] right = RowMerge.correct(nats, outputs);
      List<MergedPart> merged = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        double gap = Math.max(0, right[0] - nats[part]);
        merged.add(new MergedPart(Math.exp(-gap), gap, 0, outputs[part]));
      }
      MergeBound bound =
          new MergeBound(convention, right[0], merged, true, 1)
              .inLevels(convention.contract().levels(parts));
      double[] answer = new ConventionMerge(convention).merged(lses, outputs);
      for (int i = 0; i < answer.length; i++) {
        largest = Math.max(largest, Math.abs(answer[i] - right[i + 1]) / bound.output(i, 1));
      }
    }
    // A merge that rounded nothing to the format of answers would use little of its bound.
    assertTrue(largest <= 1 && largest > 0.3, name + " uses " + largest);
  }
}
