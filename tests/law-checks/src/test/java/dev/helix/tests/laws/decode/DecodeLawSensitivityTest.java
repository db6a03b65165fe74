package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.DecodeVariant;
import dev.helix.laws.decode.ExactDecodeUnderTest;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each law of the decode can be broken, and some of them by what breaks no other. */
class DecodeLawSensitivityTest {
  /** The hard cases alone are more. */
  private static final int CASES = 1;

  @Test
  void anAllReduceThatAddsOneRankTwiceDoesNotGiveTheFullProjection() {
    DecodeUnderTest faulty =
        FaultyDecodes.collectives(
            (place, correct) ->
                new ForwardingCollectives<>(correct) {
                  @Override
                  public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
                    for (long i = 0; place.rank() == 0 && i < partial.region().length(); i++) {
                      partial.region().set(i, 2 * partial.region().get(i));
                    }
                    return correct.allReduce(purpose, group, partial);
                  }
                });
    String violation = violation(Law.DECODE_PROJECTIONS, faulty);
    assertTrue(violation.contains("sliced projections is not the full one"), violation);
  }

  @Test
  void aMixtureThatIsNotSummedInItsExpertGroupsIsNotTheFullOne() {
    DecodeUnderTest faulty =
        FaultyDecodes.collectives(
            (place, correct) ->
                new ForwardingCollectives<>(correct) {
                  @Override
                  public Fp64Tensor partialAllReduce(
                      Purpose purpose, Group group, Fp64Tensor partial) {
                    return partial;
                  }
                });
    String violation = violation(Law.DECODE_PROJECTIONS, faulty);
    assertTrue(violation.contains("experts on ranks are not the full mixture"), violation);
  }

  /** All ranks agree; but the rule says the lowest index. */
  @Test
  void ranksThatAllTakeTheLastOfEqualExpertsAreFoundOut() {
    DecodeUnderTest faulty =
        new DecodeUnderTest() {
          @Override
          public ExpertRouter router(Place place, RouterRule rule, double[] bias) {
            double[] rising = new double[bias.length];
            Arrays.setAll(rising, expert -> bias[expert] + expert * 1e-10);
            return new ExpertRouter(rule, rising);
          }
        };
    String violation = violation(Law.DECODE_ROUTING, faulty);
    assertTrue(violation.contains("rank 0 sends it to"), violation);
  }

  /** The first two ways to merge agree, and with the definition neither does. */
  @Test
  void aMergeInAnotherBaseDiffersFromRescalingAndAdding() {
    DecodeUnderTest faulty =
        FaultyDecodes.kernels(
            (place, correct) ->
                new ForwardingAttentionKernels<>(correct) {
                  @Override
                  public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
                    for (long i = 0; i < shards.lse().region().length(); i++) {
                      shards.lse().region().set(i, Math.log(2) * shards.lse().region().get(i));
                    }
                    return correct.mergeByLse(piece, shards);
                  }
                });
    String violation = violation(Law.DECODE_EXCHANGES, faulty);
    assertTrue(violation.contains("differs from rescale + all-reduce"), violation);
  }

  /** Nothing in the decode gathers states: only the law of exchanges sees it. */
  @Test
  void anAllGatherInAnotherOrderDiffersFromAllToAllInBits() {
    DecodeUnderTest faulty =
        FaultyDecodes.collectives(
            (place, correct) ->
                new ForwardingCollectives<>(correct) {
                  @Override
                  public Fp64Tensor allGather(
                      Purpose purpose, Group group, Axis axis, Fp64Tensor tensor) {
                    Fp64Tensor gathered = correct.allGather(purpose, group, axis, tensor);
                    if (axis == Axis.SHARDS && tensor.spec().has(Axis.HEADS)) {
                      double[] numbers = gathered.toArray();
                      int part = numbers.length / group.size();
                      for (int i = 0; i < numbers.length; i++) {
                        int from = (i + part) % numbers.length;
                        gathered.region().set(i, numbers[from]);
                      }
                    }
                    return gathered;
                  }
                });
    assertEquals(EnumSet.of(Law.DECODE_EXCHANGES), broken(faulty));
  }

  /**
   * A rank that goes by its own number keeps all laws while that is also its shard's: in the cases
   * in which no ranks are turned.
   */
  @Test
  void onlyRelabelledRanksShowThatOneTakesItsNumberForItsShard() {
    DecodeUnderTest faulty =
        FaultyDecodes.kernels((place, correct) -> new ByRankNumber(place, correct));
    List<DecodeCase> cases =
        faulty.laws().cases(1, CASES).stream().filter(given -> given.deal().turn() == 0).toList();
    Set<Law> broken = EnumSet.copyOf(Law.at(Seam.DECODE));
    broken.removeIf(law -> LawSuite.run(law, faulty.laws(), cases).holds());
    assertEquals(EnumSet.of(Law.DECODE_RELABELLED), broken);
  }

  /** In three or more parts; two can be added in either order. */
  @Test
  void aMergeInDoublesShowsInTheBitsOfRelabelledRanks() {
    ExactDecodeUnderTest faulty =
        FaultyDecodes.exactKernels(
            (place, correct) ->
                new ForwardingAttentionKernels<>(correct) {
                  @Override
                  public ExactTensor mergeByLse(Piece piece, PartialAttention<ExactTensor> shards) {
                    return inDoubles(place.rank(), shards);
                  }
                });
    String relabelled = violation(Law.DECODE_RELABELLED, faulty);
    assertTrue(relabelled.contains("other bits than that of the ranks before"), relabelled);
    String unsharded = violation(Law.DECODE_UNSHARDED, faulty);
    assertTrue(unsharded.contains("other bits than that of one rank"), unsharded);
  }

  @Test
  void aProjectionRoundedBeforeItIsSummedShowsInBits() {
    ExactDecodeUnderTest faulty =
        FaultyDecodes.exactCollectives(
            (place, correct) ->
                new ForwardingCollectives<>(correct) {
                  @Override
                  public ExactTensor allReduce(Purpose purpose, Group group, ExactTensor partial) {
                    return correct.allReduce(purpose, group, rounded(place.rank(), partial));
                  }
                });
    assertFalse(LawSuite.verdict(Law.DECODE_PROJECTIONS, faulty, 1, CASES).holds());
    assertFalse(LawSuite.verdict(Law.DECODE_UNSHARDED, faulty, 1, CASES).holds());
  }

  /** Where no token is ever taken back and no number comes again, lengths may only grow. */
  @Test
  void lengthsThatOnlyGrowShowBesideDraftsAndAfterFormerRequestsAlone() {
    Exhibit exhibit = exhibit("lengths of rejected drafts not rolled back");
    UnderTest faulty = exhibit.at(Law.DECODE_DRAFTS);
    assertEquals(EnumSet.of(Law.DECODE_DRAFTS, Law.DECODE_REUSED), broken(faulty));
  }

  @Test
  void aFailingDecodeIsReportedInItsSimplestForm() {
    Exhibit exhibit = exhibit("length 7 over 2 ranks treated as 6");
    String violation = violation(Law.DECODE_UNSHARDED, exhibit.at(Law.DECODE_UNSHARDED));
    assertTrue(violation.contains("requests of [1] tokens"), violation);
    assertTrue(violation.contains("Layout[kvp=2, tpa=1"), violation);
  }

  private static Exhibit exhibit(String name) {
    return Museum.exhibits().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  /** How a law is broken, by a value and not by an error. */
  static String violation(Law law, UnderTest faulty) {
    LawOutcome outcome = LawSuite.run(law, faulty, 1, CASES);
    assertFalse(outcome.holds(), () -> law + " holds");
    assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
    return outcome.violation().orElseThrow();
  }

  private static Set<Law> broken(UnderTest faulty) {
    Set<Law> broken = new TreeSet<>();
    for (Law law : Law.at(Seam.DECODE)) {
      if (!LawSuite.verdict(law, faulty, 1, CASES).holds()) {
        broken.add(law);
      }
    }
    return broken;
  }

  /** Bounds views by the local length of the shard that has the rank's number in its group. */
  private static final class ByRankNumber extends ForwardingAttentionKernels<Fp64Tensor> {
    private final DecodeVariant.Place place;
    private List<QueryToken> step = List.of();
    private int attended;

    ByRankNumber(DecodeVariant.Place place, AttentionKernels<Fp64Tensor> correct) {
      super(correct);
      this.place = place;
    }

    @Override
    public RotatedQkv<Fp64Tensor> rotaryQkv(
        Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
      step = tokens;
      attended = 0;
      return healthy().rotaryQkv(qkv, shape, rotary, tokens);
    }

    @Override
    public PartialAttention<Fp64Tensor> flashDecode(
        Piece piece,
        Fp64Tensor queries,
        List<KvView<Fp64Tensor>> views,
        ScoreRule rule,
        int valueDim) {
      List<KvView<Fp64Tensor>> bounded = new ArrayList<>();
      for (KvView<Fp64Tensor> view : views) {
        int end = step.get(attended++).position() + 1;
        int shard = place.rank() % place.placement().shards();
        int length = place.placement().localLength(shard, end) - view.first();
        bounded.add(
            new KvView<>(
                view.pages(),
                Math.max(0, Math.min(view.length(), length)),
                view.first(),
                view.positions()));
      }
      return healthy().flashDecode(piece, queries, bounded, rule, valueDim);
    }
  }

  /** Σ Vᵢ / Σ Lᵢ of states that are rounded first, added one after the other. */
  private static ExactTensor inDoubles(int rank, PartialAttention<ExactTensor> shards) {
    ExactRank owner = new ExactRank(RankScope.alone(rank));
    double[] values = doubles(shards.output());
    double[] weights = doubles(shards.lse());
    int parts = shards.lse().spec().size(Axis.SHARDS);
    int dim = shards.output().spec().size(Axis.HEAD_DIM);
    double[] merged = new double[values.length / parts];
    for (int i = 0; i < merged.length; i++) {
      double value = 0;
      double weight = 0;
      for (int part = 0; part < parts; part++) {
        value += values[part * merged.length + i];
        weight += weights[part * (merged.length / dim) + i / dim];
      }
      merged[i] = weight == 0 ? 0 : value / weight;
    }
    Spec stack = shards.output().spec();
    return owner.tensor(
        new Spec(stack.dtype(), stack.dims().subList(1, stack.axisCount())), merged);
  }

  private static double[] doubles(ExactTensor tensor) {
    return tensor.sums("test").stream()
        .flatMapToDouble(run -> Arrays.stream(run.round()))
        .toArray();
  }

  private static ExactTensor rounded(int rank, ExactTensor partial) {
    if (!partial.isUnfinished()) {
      return partial;
    }
    List<ExactSums> rounded = new ArrayList<>();
    for (ExactSums run : partial.sums("test")) {
      double[] numbers = run.round();
      ExactSums sums = new ExactSums(numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        sums.add(i, numbers[i], 0);
      }
      rounded.add(sums);
    }
    return new ExactRank(RankScope.alone(rank)).unfinished(partial.spec(), rounded);
  }
}
