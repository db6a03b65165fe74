package dev.helix.attention.scalar;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.SlotPositions;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.OperationCounts;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** What the counting arithmetic counts is the closed form, exactly. */
final class AttentionCountsTest {
  private CountingArithmetic arithmetic;
  private Run<ScalarTensor<Double>> run;

  /** All tries of a property share the instance. */
  @BeforeTry
  void countFromZero() {
    RankScope scope = RankScope.alone(0);
    arithmetic = new CountingArithmetic(scope);
    run = Run.scalar(scope, arithmetic);
  }

  /**
   * A query head over t tokens of width d: the two products with keys and values, 2·t·d
   * multiply-adds, and beside them the scale, the exponent and the sum of each weight, and the LSE.
   */
  @Property(tries = 30, seed = "51", edgeCases = EdgeCasesMode.NONE)
  void attentionIsTwoMultiplyAddsForEachComponentOfEachVisibleToken(
      @ForAll @IntRange(min = 1, max = 2) int kvHeads,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll @IntRange(min = 1, max = 5) int dim,
      @ForAll @IntRange(min = 1, max = 4) int pageSlots,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 9) Integer> lengths) {
    List<KvPage<ScalarTensor<Double>>> pages =
        run.pages(
            pageSlots, kvHeads, dim, new double[9 * kvHeads * dim], new double[9 * kvHeads * dim]);
    List<KvView<ScalarTensor<Double>>> views = new ArrayList<>();
    long tokens = 0;
    long rows = 0;
    for (int length : lengths) {
      views.add(new KvView<>(pages, length));
      tokens += length;
      rows += length > 0 ? 1 : 0;
    }
    Spec queries = Run.queries(lengths.size(), kvHeads * group, dim);
    run.attention()
        .flashDecode(
            run.tensor(queries, new double[(int) queries.elements()]),
            views,
            ScoreRule.ofScale(0.5));

    long heads = (long) kvHeads * group;
    long multiplyAdds = 2 * tokens * heads * dim;
    assertEquals(
        new OperationCounts(
            multiplyAdds + 2 * tokens * heads + rows * heads,
            multiplyAdds + tokens * heads,
            rows * heads * dim,
            0,
            tokens * heads,
            rows * heads,
            (tokens - rows) * heads),
        arithmetic.counts("flashDecode"));
    assertEquals(OperationCounts.NONE, arithmetic.counts("appendKv"));
  }

  /** A cap: 1 division, tangent and product a token; ALiBi: 2 operations; a sink: a token more. */
  @Property(tries = 30, seed = "54", edgeCases = EdgeCasesMode.NONE)
  void whatARuleAddsIsCounted(
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 3) int dim,
      @ForAll @IntRange(max = 9) int tokens,
      @ForAll boolean capped,
      @ForAll boolean alibi,
      @ForAll boolean sunk) {
    List<KvPage<ScalarTensor<Double>>> pages =
        run.pages(4, 1, dim, new double[9 * dim], new double[9 * dim]);
    SlotPositions positions = new SlotPositions(new RoundRobinPlacement(1, 1), 0, 8);
    KvView<ScalarTensor<Double>> view =
        new KvView<>(pages, tokens, 9 - tokens, Optional.of(positions));
    ScoreRule rule = ScoreRule.ofScale(0.5);
    rule = capped ? rule.withSoftCap(3) : rule;
    rule = alibi ? rule.withAlibi(Collections.nCopies(heads, 0.5)) : rule;
    rule = sunk ? rule.withSinks(Collections.nCopies(heads, 0.5)) : rule;
    Spec queries = Run.queries(1, heads, dim);
    run.attention()
        .flashDecode(
            run.tensor(queries, new double[(int) queries.elements()]), List.of(view), rule);

    long terms = (long) tokens + (sunk ? 1 : 0);
    long any = terms > 0 ? 1 : 0;
    long caps = capped ? tokens : 0;
    long biases = alibi ? tokens : 0;
    assertEquals(
        new OperationCounts(
            heads * (2L * tokens * dim + 2 * terms + any + biases),
            heads * (2L * tokens * dim + tokens + caps + biases),
            heads * (any * dim + caps),
            0,
            heads * (terms + caps),
            heads * any,
            heads * (terms - any)),
        arithmetic.counts("flashDecode"));
  }

  @Property(tries = 30, seed = "52", edgeCases = EdgeCasesMode.NONE)
  void aMergeIsOneMultiplyAddForEachComponentOfEachLivingPart(
      @ForAll @IntRange(min = 1, max = 5) int heads,
      @ForAll @IntRange(min = 1, max = 5) int dim,
      @ForAll @IntRange(max = 5) int living,
      @ForAll @IntRange(min = 1, max = 3) int empty) {
    int parts = living + empty;
    double[] lses = new double[parts * heads];
    double[] outputs = new double[parts * heads * dim];
    Arrays.fill(lses, living * heads, lses.length, NEGATIVE_INFINITY);
    Arrays.fill(outputs, living * heads * dim, outputs.length, NaN);
    run.attention()
        .mergeByLse(
            new PartialAttention<>(
                run.tensor(Run.stack(parts, 1, heads, dim), outputs),
                run.tensor(Run.stack(parts, 1, heads), lses)));
    long terms = (long) living * heads;
    long merges = living == 0 ? 0 : heads;
    assertEquals(
        new OperationCounts(
            terms * dim + 3 * terms + merges, terms * dim, 0, 0, 2 * terms, merges, terms - merges),
        arithmetic.counts("mergeByLse"));
  }

  @Property(tries = 30, seed = "53", edgeCases = EdgeCasesMode.NONE)
  void aRotationIsFourMultiplicationsAndTwoAdditionsForEachPair(
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 3) int kvHeads,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll @IntRange(min = 1, max = 4) int pairs) {
    AttentionShape shape = new AttentionShape(8, kvHeads * group, kvHeads, 2 * pairs);
    List<QueryToken> step = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      step.add(new QueryToken(0, row));
    }
    Spec spec = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.QKV, shape.qkvRows());
    run.attention()
        .rotaryQkv(
            run.tensor(spec, new double[(int) spec.elements()]),
            shape,
            new RotaryEmbedding(RopeParameters.of(1e4), 2 * pairs),
            step);
    long turned = (long) rows * kvHeads * (group + 1) * pairs;
    assertEquals(
        new OperationCounts(2 * turned, 4 * turned, 0, 0, 0, 0, 0), arithmetic.counts("rotaryQkv"));
  }
}
