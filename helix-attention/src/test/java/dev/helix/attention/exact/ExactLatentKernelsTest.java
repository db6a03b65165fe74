package dev.helix.attention.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.definition.LatentAttentionDefinition;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRangeException;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.mesh.RankScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The exact kernels of latent attention, one after the other, against the definition of a head. */
class ExactLatentKernelsTest {
  private static final int HEADS = 3;
  private static final int NOPE = 5;
  private static final int ROPE = 4;
  private static final int LATENT = 6;
  private static final int VALUE = 7;
  private static final int ENTRY = LATENT + ROPE;
  private static final LatentShape SHAPE =
      new LatentShape(
          8, HEADS, OptionalInt.empty(), LATENT, NOPE, ROPE, VALUE, RotaryPairing.INTERLEAVED);
  private static final RotaryEmbedding ROTARY = new RotaryEmbedding(RopeParameters.of(1e4), ROPE);
  private static final Spec KEY_UP = heads(HEADS, NOPE);
  private static final Spec VALUE_UP = heads(HEADS, VALUE);

  private final ExactRank rank = new ExactRank(RankScope.alone(0));
  private final ExactLatentKernels kernels = new ExactLatentKernels(rank);
  private final ExactAttentionKernels attention = new ExactAttentionKernels(rank);

  @Test
  void absorbAttendMergeAndExpandAreTheDefinitionOfAHead() {
    SplittableRandom random = new SplittableRandom(3);
    double[] queries = numbers(random, HEADS * (NOPE + ROPE));
    double[] keyUp = numbers(random, HEADS * NOPE * LATENT);
    double[] valueUp = numbers(random, HEADS * VALUE * LATENT);
    int tokens = 20;
    KvPage<ExactTensor> page = page(tokens + 2);
    double[][] entries = new double[tokens][];
    ExactTensor query = null;
    for (int position = 0; position < tokens; position++) {
      RotatedLatent<ExactTensor> rotated =
          rotated(queries, keyUp, numbers(random, ENTRY), position);
      kernels.appendEntries(rotated.entries(), List.of(new CacheSlot<>(0, page, position)));
      entries[position] = rotated.entries().values("test").clone();
      query = rotated.queries();
    }
    List<KvView<ExactTensor>> view = List.of(new KvView<>(List.of(page), tokens));
    var partial = kernels.flashDecodeLatent(query, view, ScoreRule.ofScale(0.3), LATENT);
    var stack = new PartialAttention<>(stacked(partial.output()), stacked(partial.lse()));
    ExactTensor values =
        kernels.expandValues(attention.mergeByLse(stack), rank.tensor(VALUE_UP, valueUp));
    for (int head = 0; head < HEADS; head++) {
      int at = head * (NOPE + ROPE);
      int turned = head * ENTRY + LATENT;
      double[] defined =
          LatentAttentionDefinition.attend(
              Arrays.copyOfRange(queries, at, at + NOPE),
              Arrays.copyOfRange(query.values("test"), turned, turned + ROPE),
              Arrays.copyOfRange(keyUp, head * NOPE * LATENT, (head + 1) * NOPE * LATENT),
              Arrays.copyOfRange(valueUp, head * VALUE * LATENT, (head + 1) * VALUE * LATENT),
              entries,
              0.3);
      assertArrayEquals(
          defined,
          Arrays.copyOfRange(values.values("test"), head * VALUE, (head + 1) * VALUE),
          0.0);
    }
  }

  @Test
  void numbersOutOfRangeAreNamedErrorsAndNoBits() {
    double[] huge = filled(HEADS * (NOPE + ROPE), 1e200);
    double[] up = filled(HEADS * NOPE * LATENT, 1e200);
    ExactTensor queries = queries(huge);
    ExactTensor keyUp = rank.tensor(KEY_UP, up);
    assertNamed("absorbQueries", () -> kernels.absorbQueries(queries, keyUp));
    double[] one = filled(HEADS * (NOPE + ROPE), 1);
    double[] plain = filled(HEADS * NOPE * LATENT, 1);
    // The root of an infinite sum of squares would make a latent of zeros.
    assertNamed("rotaryLatent", () -> rotated(one, plain, filled(ENTRY, 1e200), 0));
    double[] greatest = filled(HEADS * (NOPE + ROPE), Double.MAX_VALUE);
    double[] none = new double[HEADS * NOPE * LATENT];
    assertNamed("rotaryLatent", () -> rotated(greatest, none, filled(ENTRY, 1), 3));
    ExactTensor latents = rank.tensor(perHead(LATENT), filled(HEADS * LATENT, 1e200));
    ExactTensor valueUp = rank.tensor(VALUE_UP, filled(HEADS * VALUE * LATENT, 1e200));
    assertNamed("expandValues", () -> kernels.expandValues(latents, valueUp));
    // Behind what was written there is NaN.
    List<KvView<ExactTensor>> unwritten = List.of(new KvView<>(List.of(page(2)), 1));
    ExactTensor query = rank.tensor(perHead(ENTRY), new double[HEADS * ENTRY]);
    assertNamed(
        "flashDecodeLatent",
        () -> kernels.flashDecodeLatent(query, unwritten, ScoreRule.ofScale(1), LATENT));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    ExactTensor query = rank.tensor(perHead(ENTRY), new double[HEADS * ENTRY]);
    List<KvView<ExactTensor>> none = List.of(new KvView<>(List.of(), 0));
    for (int width : new int[] {0, ENTRY + 1}) {
      assertRefused(
          "flashDecodeLatent",
          () -> kernels.flashDecodeLatent(query, none, ScoreRule.ofScale(1), width));
    }
    assertRefused(
        "flashDecodeLatent",
        () -> kernels.flashDecodeLatent(query, List.of(), ScoreRule.ofScale(1), LATENT));
    ExactTensor foreign =
        new ExactRank(RankScope.alone(2)).tensor(perHead(LATENT), new double[HEADS * LATENT]);
    ExactTensor valueUp = rank.tensor(VALUE_UP, new double[HEADS * VALUE * LATENT]);
    assertRefused("expandValues", () -> kernels.expandValues(foreign, valueUp));
    assertRefused("expandValues", () -> kernels.expandValues(query, valueUp));
    ExactTensor narrow =
        rank.tensor(Spec.of(DType.F64, Axis.BATCH, 1, Axis.HEADS_BY_DIM, 4), new double[4]);
    ExactTensor keyUp = rank.tensor(KEY_UP, new double[HEADS * NOPE * LATENT]);
    assertRefused("absorbQueries", () -> kernels.absorbQueries(narrow, keyUp));
    ExactTensor entries =
        rank.tensor(
            Spec.of(
                DType.F64,
                new Dim(Axis.BATCH, 1),
                new Dim(Axis.KV_HEADS, 1),
                new Dim(Axis.HEAD_DIM, ENTRY)),
            new double[ENTRY]);
    assertRefused(
        "appendEntries",
        () -> kernels.appendEntries(entries, List.of(new CacheSlot<>(0, page(2), 2))));
  }

  private RotatedLatent<ExactTensor> rotated(
      double[] queries, double[] keyUp, double[] entry, int position) {
    ExactTensor all = queries(queries);
    ExactTensor absorbed = kernels.absorbQueries(all, rank.tensor(KEY_UP, keyUp));
    ExactTensor entries =
        rank.tensor(Spec.of(DType.F64, Axis.BATCH, 1, Axis.LATENT_ENTRY, ENTRY), entry);
    ExactTensor norm =
        rank.tensor(Spec.of(DType.F64, new Dim(Axis.LATENT, LATENT)), filled(LATENT, 1));
    return kernels.rotaryLatent(
        new ProjectedLatent<>(all, absorbed, entries, norm, 1e-6),
        SHAPE,
        ROTARY,
        List.of(new QueryToken(0, position)));
  }

  private ExactTensor queries(double[] numbers) {
    return rank.tensor(
        Spec.of(DType.F64, Axis.BATCH, 1, Axis.HEADS_BY_DIM, HEADS * (NOPE + ROPE)), numbers);
  }

  private KvPage<ExactTensor> page(int slots) {
    ExactTensor page =
        attention.allocatePage(
            Spec.of(
                DType.F64,
                new Dim(Axis.KV_HEADS, 1),
                new Dim(Axis.SLOTS, slots),
                new Dim(Axis.HEAD_DIM, ENTRY)));
    return new KvPage<>(page, page);
  }

  private ExactTensor stacked(ExactTensor part) {
    return rank.unfinished(part.spec().stacked(Axis.SHARDS, 1), new ArrayList<>(part.sums("test")));
  }

  private static Spec heads(int heads, int dim) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, dim),
        new Dim(Axis.LATENT, LATENT));
  }

  private static Spec perHead(int width) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.BATCH, 1),
        new Dim(Axis.HEADS, HEADS),
        new Dim(Axis.HEAD_DIM, width));
  }

  private static double[] numbers(SplittableRandom random, int count) {
    return random.doubles(count, -1, 1).toArray();
  }

  private static double[] filled(int count, double value) {
    double[] numbers = new double[count];
    Arrays.fill(numbers, value);
    return numbers;
  }

  private static void assertNamed(String operation, Runnable launch) {
    String message = assertThrows(ExactRangeException.class, launch::run).getMessage();
    assertTrue(message.startsWith(operation), message);
  }

  private static void assertRefused(String operation, Runnable launch) {
    String message = assertThrows(IllegalArgumentException.class, launch::run).getMessage();
    assertTrue(message.startsWith(operation), message);
  }
}
