package dev.helix.tests.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws 16, 17, 19 and 20 of the merge on exact states, between threads, with equality of bits. */
class ExactExchangeTest {
  private static final int ROWS = 2;
  private static final int HEADS_OF_EACH = 2;
  private static final int DIM = 3;

  /** One rank's end of a run, and the state that it has of its tokens. */
  private record Member(
      int rank,
      Group all,
      Collectives<ExactTensor> collectives,
      ExactAttentionKernels kernels,
      PartialAttention<ExactTensor> state) {
    List<ExactTensor> tensors() {
      return List.of(state.output(), state.lse());
    }

    double[] merged(List<ExactTensor> stack) {
      return kernels.mergeByLse(new PartialAttention<>(stack.get(0), stack.get(1))).values("test");
    }
  }

  @Property(tries = 30, seed = "16")
  void allToAllIsAnInvolutiveTransposition(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int ranks) {
    onAll(
        seed,
        identity(ranks),
        member -> {
          List<ExactTensor> there =
              member
                  .collectives()
                  .allToAll(Phase.ALL_TO_ALL, member.all(), Axis.HEADS, member.tensors());
          List<ExactTensor> back =
              member.collectives().allToAll(Phase.ALL_TO_ALL, member.all(), Axis.SHARDS, there);
          List<ExactTensor> again =
              member.collectives().allToAll(Phase.ALL_TO_ALL, member.all(), Axis.SHARDS, back);
          for (int i = 0; i < there.size(); i++) {
            assertEquals(there.get(i).spec(), again.get(i).spec());
            assertEquals(there.get(i).sums("test"), again.get(i).sums("test"));
          }
          // Block r of what came back is what this rank had of member r's heads.
          for (int peer = 0; peer < ranks; peer++) {
            for (int row = 0; row < ROWS; row++) {
              for (int head = 0; head < HEADS_OF_EACH; head++) {
                int own = row * ranks * HEADS_OF_EACH + peer * HEADS_OF_EACH + head;
                int returned = (peer * ROWS + row) * HEADS_OF_EACH + head;
                assertEquals(
                    member.state().output().sums("test").get(own),
                    back.get(0).sums("test").get(returned));
              }
            }
          }
          return member.rank();
        });
  }

  @Property(tries = 30, seed = "17")
  void threeWaysToMergeGiveTheSameBits(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int ranks) {
    onAll(
        seed,
        identity(ranks),
        member -> {
          double[] exchanged =
              member.merged(
                  member
                      .collectives()
                      .allToAll(Phase.ALL_TO_ALL, member.all(), Axis.HEADS, member.tensors()));

          List<ExactTensor> gathered =
              member.tensors().stream()
                  .map(part -> stacked(member, part))
                  .map(
                      part ->
                          member
                              .collectives()
                              .allGather(Phase.COMBINE, member.all(), Axis.SHARDS, part))
                  .toList();
          assertSame(exchanged, ownHeads(member, ranks, member.merged(gathered)));

          // Exact states stand at absolute exponents: there is nothing to rescale.
          List<ExactTensor> reduced =
              member.tensors().stream()
                  .map(
                      part ->
                          member.collectives().partialAllReduce(Phase.COMBINE, member.all(), part))
                  .map(part -> stacked(member, part))
                  .toList();
          assertSame(exchanged, ownHeads(member, ranks, member.merged(reduced)));
          return member.rank();
        });
  }

  @Property(tries = 20, seed = "19")
  void oneRankIsTheIdentity(@ForAll long seed) {
    onAll(
        seed,
        identity(1),
        member -> {
          List<ExactTensor> same =
              member
                  .collectives()
                  .allToAll(Phase.ALL_TO_ALL, member.all(), Axis.HEADS, member.tensors());
          List<ExactTensor> sum =
              member.tensors().stream()
                  .map(
                      part ->
                          member.collectives().partialAllReduce(Phase.COMBINE, member.all(), part))
                  .toList();
          for (int i = 0; i < same.size(); i++) {
            assertEquals(member.tensors().get(i).sums("test"), same.get(i).sums("test"));
            assertEquals(member.tensors().get(i).sums("test"), sum.get(i).sums("test"));
          }
          List<ExactTensor> own = member.tensors().stream().map(p -> stacked(member, p)).toList();
          assertSame(member.merged(own), member.merged(same));
          return member.rank();
        });
  }

  @Property(tries = 30, seed = "20")
  void relabellingRanksChangesNoBit(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int ranks) {
    List<Integer> relabelled = new ArrayList<>(identity(ranks));
    Collections.shuffle(relabelled, new Random(seed));
    Function<Member, double[]> mergedEverywhere =
        member ->
            member.merged(
                member.tensors().stream()
                    .map(
                        part ->
                            member
                                .collectives()
                                .partialAllReduce(Phase.COMBINE, member.all(), part))
                    .map(part -> stacked(member, part))
                    .toList());
    List<double[]> before = onAll(seed, identity(ranks), mergedEverywhere);
    List<double[]> after = onAll(seed, relabelled, mergedEverywhere);
    for (int rank = 0; rank < ranks; rank++) {
      assertSame(before.get(0), before.get(rank));
      assertSame(before.get(0), after.get(rank));
    }
  }

  /**
   * Runs a law on threads.
   *
   * @param states which rank has which of the seed's states, and the order of the group
   */
  private static <R> List<R> onAll(long seed, List<Integer> states, Function<Member, R> law) {
    int ranks = states.size();
    return ThreadRanks.inOneJvm(
        ranks, communicator -> law.apply(member(seed, states, communicator)));
  }

  private static Member member(long seed, List<Integer> states, Communicator communicator) {
    ExactRank rank = new ExactRank(communicator.scope());
    return new Member(
        communicator.rank(),
        new Group("all", states),
        new WireCollectives<>(communicator, new ExactWire(rank)),
        new ExactAttentionKernels(rank),
        state(rank, new SplittableRandom(seed + states.get(rank.rank())), states.size()));
  }

  /** A state of a few tokens, maybe of none, with weights thousands of nats apart. */
  private static PartialAttention<ExactTensor> state(
      ExactRank rank, SplittableRandom random, int ranks) {
    int heads = ranks * HEADS_OF_EACH;
    List<ExactSums> outputs = new ArrayList<>();
    List<ExactSums> weights = new ArrayList<>();
    int tokens = random.nextInt(4);
    for (int row = 0; row < ROWS; row++) {
      ExactSums rowWeights = new ExactSums(heads);
      for (int head = 0; head < heads; head++) {
        ExactSums output = new ExactSums(DIM);
        for (int token = 0; token < tokens; token++) {
          double significand = random.nextDouble(0.7, 1.4);
          int exponent = random.nextInt(4) == 0 ? random.nextInt(-9000, 9000) : 0;
          rowWeights.add(head, significand, exponent);
          output.addProducts(significand, values(random), exponent);
        }
        outputs.add(output);
      }
      weights.add(rowWeights);
    }
    Spec lse = Spec.of(DType.F64, Axis.BATCH, ROWS, Axis.HEADS, heads);
    List<Dim> dims = new ArrayList<>(lse.dims());
    dims.add(new Dim(Axis.HEAD_DIM, DIM));
    return new PartialAttention<>(
        rank.unfinished(new Spec(DType.F64, dims), outputs), rank.unfinished(lse, weights));
  }

  private static double[] values(SplittableRandom random) {
    double[] values = new double[DIM];
    Arrays.setAll(
        values,
        i ->
            switch (random.nextInt(5)) {
              case 0 -> random.nextBoolean() ? 0.0 : -0.0;
              case 1 -> Double.MIN_VALUE * random.nextInt(-9, 10);
              case 2 -> random.nextBoolean() ? 1e4 : -1e4;
              default -> random.nextDouble(-1, 1);
            });
    return values;
  }

  private static ExactTensor stacked(Member member, ExactTensor part) {
    ExactRank rank = new ExactRank(RankScope.alone(member.rank()));
    return rank.unfinished(part.spec().stacked(Axis.SHARDS, 1), part.sums("test"));
  }

  /** The heads that a rank has after the all-to-all, of {@code [batch, heads, headDim]}. */
  private static double[] ownHeads(Member member, int ranks, double[] all) {
    int run = HEADS_OF_EACH * DIM;
    double[] own = new double[ROWS * run];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(all, (row * ranks + member.rank()) * run, own, row * run, run);
    }
    return own;
  }

  private static List<Integer> identity(int ranks) {
    return IntStream.range(0, ranks).boxed().toList();
  }

  private static void assertSame(double[] expected, double[] actual) {
    assertArrayEquals(
        Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray(),
        () -> "expected " + Arrays.toString(expected) + ", got " + Arrays.toString(actual));
  }
}
