package dev.helix.ffn.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.Routing;
import dev.helix.ffn.definition.GatedWeights;
import dev.helix.ffn.definition.MoeDefinition;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRangeException;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The exact mixture of experts, split in every way, has the bits of its unsharded definition. */
class ExactMoeTest {
  private static final int HIDDEN = 5;
  private static final int COLUMNS = 4;
  private static final int EXPERTS = 4;

  private static final ExactRank RANK = new ExactRank(RankScope.alone(0));
  private static final ExactWire WIRE = new ExactWire(RANK);

  @Property(tries = 120, seed = "1")
  void anySplitOverExpertsAndColumnsInAnyOrderGivesTheDefinition(
      @ForAll long seed,
      @ForAll @IntRange(max = 2) int tpfLog,
      @ForAll @IntRange(max = 2) int epLog,
      @ForAll @IntRange(min = 1, max = 4) int tokens) {
    Problem problem = new Problem(seed, tokens);
    assertSame(problem.defined(), problem.sharded(1 << tpfLog, 1 << epLog, new Random(seed)));
  }

  /** No row of a batch sees another, not even through the order of an expert's assignments. */
  @Property(tries = 40, seed = "2")
  void companyInTheBatchShowsInNoBit(@ForAll long seed) {
    Problem four = new Problem(seed, 4);
    Problem first = new Problem(seed, 1);
    double[] expected = first.sharded(2, 2, new Random(seed));
    assertSame(expected, Arrays.copyOf(four.sharded(2, 2, new Random(seed)), HIDDEN));
  }

  @Example
  void aGroupWithoutAnyTokenSendsZeros() {
    Dispatch none = new Dispatch(List.of(), List.of(), List.of(0, 0));
    Problem problem = new Problem(3, 2);
    ExactTensor partial = problem.partial(none, 0, 2, 0, COLUMNS);
    assertTrue(partial.sums("test").stream().allMatch(sum -> sum.isZero(0)));
    assertSame(
        new double[2 * HIDDEN],
        problem.kernels.sumByToken(partial, List.of(0, 1), 2).values("test"));
  }

  @Example
  void numbersOutOfRangeAreNamedErrorsAndNoBits() {
    ExactMoeKernels kernels = new ExactMoeKernels(RANK, new ExactConstants());
    Dispatch one = new Dispatch(List.of(0), List.of(1.0), List.of(1));
    Spec row = Spec.of(DType.F64, Axis.BATCH, 1, Axis.HIDDEN, 1);
    Spec gateUpWeight = Spec.of(DType.F64, Axis.GATE_UP, 2, Axis.HIDDEN, 1);
    Spec gateUp = Spec.of(DType.F64, Axis.BATCH, 1, Axis.GATE_UP, 2);
    Spec active = Spec.of(DType.F64, Axis.BATCH, 1, Axis.INTERMEDIATE, 1);
    Spec down = Spec.of(DType.F64, Axis.HIDDEN, 1, Axis.INTERMEDIATE, 1);
    ExactTensor huge = RANK.tensor(row, new double[] {1e200});
    ExactTensor wide = RANK.tensor(gateUpWeight, new double[] {1e200, 1});
    assertNamed("groupedLinear", () -> kernels.groupedLinear(huge, List.of(wide), one));
    ExactTensor gates = RANK.tensor(gateUp, new double[] {1e200, 1e200});
    assertNamed("weightedSwiGlu", () -> kernels.weightedSwiGlu(gates, one));
    ExactTensor activated = RANK.tensor(active, new double[] {1e200});
    ExactTensor ascent = RANK.tensor(down, new double[] {1e200});
    // As a term of a sum it has its bits: others may take it back. Rounded it has none.
    ExactTensor partial = kernels.combineExperts(activated, List.of(ascent), one, 1);
    assertNamed("sumByToken", () -> kernels.sumByToken(partial, List.of(0), 1));
    ExactTensor nothing = RANK.tensor(active, new double[] {Double.NaN});
    assertThrows(
        ExactRangeException.class, () -> kernels.combineExperts(nothing, List.of(ascent), one, 1));
  }

  @Example
  void whatHasBeenRoundedIsNoTermOfTheSumOverGroups() {
    ExactMoeKernels kernels = new ExactMoeKernels(RANK, new ExactConstants());
    Spec stack = Spec.of(DType.F64, Axis.BATCH, 2, Axis.HIDDEN, 1);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> kernels.sumByToken(RANK.tensor(stack, new double[] {1, 2}), List.of(0, 0), 1))
            .getMessage();
    assertTrue(message.startsWith("sumByToken expected exact sums"), message);
  }

  private static void assertNamed(String operation, Runnable launch) {
    String message = assertThrows(ExactRangeException.class, launch::run).getMessage();
    assertTrue(message.startsWith(operation + " on rank 0"), message);
  }

  private static void assertSame(double[] expected, double[] actual) {
    assertArrayEquals(
        Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray(),
        () -> "expected " + Arrays.toString(expected) + ", got " + Arrays.toString(actual));
  }

  /** Random experts and tokens, of sizes far apart and many of them opposite. */
  private static final class Problem {
    final ExactConstants constants = new ExactConstants();
    final ExactMoeKernels kernels = new ExactMoeKernels(RANK, constants);
    private final RouterRule rule;
    private final double[] router;
    private final double[] bias;
    private final List<double[]> gates = new ArrayList<>();
    private final List<double[]> ups = new ArrayList<>();
    private final List<double[]> downs = new ArrayList<>();
    private final double[] x;
    private final int tokens;

    Problem(long seed, int tokens) {
      SplittableRandom random = new SplittableRandom(seed);
      boolean sigmoid = random.nextBoolean();
      int groups = random.nextBoolean() ? 2 : 1;
      rule =
          new RouterRule(
              sigmoid ? Scoring.SIGMOID : Scoring.SOFTMAX,
              EXPERTS,
              2,
              groups,
              1,
              random.nextBoolean() ? GroupScore.BEST_TWO : GroupScore.BEST,
              random.nextBoolean(),
              2.5);
      router = random.doubles((long) EXPERTS * HIDDEN, -1, 1).toArray();
      bias = random.doubles(EXPERTS, -0.1, 0.1).toArray();
      for (int e = 0; e < EXPERTS; e++) {
        gates.add(random.doubles((long) COLUMNS * HIDDEN, -2, 2).toArray());
        ups.add(random.doubles((long) COLUMNS * HIDDEN, -2, 2).toArray());
        double[] down = new double[HIDDEN * COLUMNS];
        Arrays.setAll(down, i -> hard(random));
        downs.add(down);
      }
      this.tokens = tokens;
      x = new double[tokens * HIDDEN];
      Arrays.setAll(x, i -> random.nextDouble(-3, 3));
    }

    private static double hard(SplittableRandom random) {
      return switch (random.nextInt(6)) {
        case 0 -> random.nextBoolean() ? 0.0 : -0.0;
        case 1 -> random.nextBoolean() ? 1e8 : -1e8;
        case 2 -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-200, 200));
        case 3 -> Double.MIN_VALUE * random.nextInt(-9, 10);
        default -> random.nextDouble(-1, 1);
      };
    }

    double[] defined() {
      List<GatedWeights> experts =
          IntStream.range(0, EXPERTS)
              .mapToObj(e -> new GatedWeights(gates.get(e), ups.get(e), downs.get(e)))
              .toList();
      MoeDefinition definition = new MoeDefinition(rule, router, bias, experts, Optional.empty());
      double[] out = new double[tokens * HIDDEN];
      for (int token = 0; token < tokens; token++) {
        double[] row = Arrays.copyOfRange(x, token * HIDDEN, (token + 1) * HIDDEN);
        System.arraycopy(definition.apply(row), 0, out, token * HIDDEN, HIDDEN);
      }
      return out;
    }

    /** As tpf · ep ranks would, whose terms arrive in any order. */
    double[] sharded(int tpf, int ep, Random random) {
      Routing routing = new ExpertRouter(rule, bias).route(logits(), tokens);
      int experts = EXPERTS / ep;
      int columns = COLUMNS / tpf;
      List<ByteBuffer> groups = new ArrayList<>();
      for (int group = 0; group < ep; group++) {
        int first = group * experts;
        Dispatch dispatch = Dispatch.of(routing, new ExpertRange(first, experts));
        List<ByteBuffer> terms = new ArrayList<>();
        for (int rank = 0; rank < tpf; rank++) {
          int from = rank * columns;
          ExactTensor partial = partial(dispatch, first, experts, from, columns);
          terms.add(WIRE.encode(partial, Axis.BATCH, 0, tokens));
        }
        Collections.shuffle(terms, random);
        Spec one = stack(1);
        groups.add(WIRE.encode(WIRE.partialSum(one, terms), Axis.BATCH, 0, tokens));
      }
      Collections.shuffle(groups, random);
      List<Integer> tokenOfRow =
          IntStream.range(0, ep * tokens).map(row -> row % tokens).boxed().toList();
      ExactTensor all = WIRE.decode(stack(ep), Axis.BATCH, groups);
      return kernels.sumByToken(all, tokenOfRow, tokens).values("test");
    }

    private Spec stack(int groups) {
      return Spec.of(DType.F64, Axis.BATCH, groups * tokens, Axis.HIDDEN, HIDDEN);
    }

    private double[] logits() {
      Spec spec = Spec.of(DType.F64, Axis.EXPERTS, EXPERTS, Axis.HIDDEN, HIDDEN);
      ExactTensor weight = RANK.tensor(spec, router);
      return new ExactKernels(RANK, constants).linear(Phase.FFN, rows(x), weight).values("test");
    }

    private ExactTensor rows(double[] values) {
      int rows = values.length / HIDDEN;
      return RANK.tensor(Spec.of(DType.F64, Axis.BATCH, rows, Axis.HIDDEN, HIDDEN), values);
    }

    ExactTensor partial(Dispatch dispatch, int first, int experts, int from, int columns) {
      List<ExactTensor> gateUps = new ArrayList<>();
      List<ExactTensor> ownDowns = new ArrayList<>();
      for (int e = first; e < first + experts; e++) {
        double[] gateUp = new double[2 * columns * HIDDEN];
        System.arraycopy(gates.get(e), from * HIDDEN, gateUp, 0, columns * HIDDEN);
        System.arraycopy(ups.get(e), from * HIDDEN, gateUp, columns * HIDDEN, columns * HIDDEN);
        gateUps.add(
            RANK.tensor(
                Spec.of(DType.F64, Axis.GATE_UP, 2 * columns, Axis.HIDDEN, HIDDEN), gateUp));
        double[] down = new double[HIDDEN * columns];
        for (int i = 0; i < HIDDEN; i++) {
          System.arraycopy(downs.get(e), i * COLUMNS + from, down, i * columns, columns);
        }
        ownDowns.add(
            RANK.tensor(Spec.of(DType.F64, Axis.HIDDEN, HIDDEN, Axis.INTERMEDIATE, columns), down));
      }
      double[] own = new double[dispatch.size() * HIDDEN];
      for (int row = 0; row < dispatch.size(); row++) {
        System.arraycopy(x, dispatch.rows().get(row) * HIDDEN, own, row * HIDDEN, HIDDEN);
      }
      ExactTensor gateUp = kernels.groupedLinear(rows(own), gateUps, dispatch);
      ExactTensor activated = kernels.weightedSwiGlu(gateUp, dispatch);
      return kernels.combineExperts(activated, ownDowns, dispatch, tokens);
    }
  }
}
