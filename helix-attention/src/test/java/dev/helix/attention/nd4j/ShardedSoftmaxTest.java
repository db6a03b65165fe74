package dev.helix.attention.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Whatever the layout, the placement and the arrays: the softmax over all tokens. */
class ShardedSoftmaxTest {
  /** The sizes: heads are such that the layout is allowed. */
  record Sizes(int kvp, int tpa, int kvHeadsOfRank, int headsOfShard, int headDim, int requests) {
    int kvHeads() {
      return tpa * kvHeadsOfRank;
    }

    int heads() {
      return kvHeads() * kvp * headsOfShard;
    }

    Layout layout() {
      return new Layout(kvp, tpa, kvp * tpa, 1);
    }
  }

  /** What scores are made of, and how the arrays lie in memory. */
  record Manner(boolean cap, boolean window, boolean sinks, boolean alibi, int memory, int run) {}

  @Property(tries = 40, seed = "7307")
  void theMergedOutputIsTheSoftmaxOverAllTokens(
      @ForAll("sizes") Sizes sizes, @ForAll("manners") Manner manner, @ForAll long seed) {
    Problem problem = new Problem(sizes, manner, seed);
    ShardedStates states = problem.attend();
    assertArrayEquals(problem.q.shape(), states.output().shape());
    assertEquals(DataType.DOUBLE, states.output().dataType());
    for (int request = 0; request < sizes.requests(); request++) {
      for (int head = 0; head < sizes.heads(); head++) {
        double sink = problem.rule.sink(head);
        PlainSoftmax whole = problem.plain(request, head, problem.visible(request), sink);
        INDArray output = row(states.output(), request, head);
        requireWithin(whole, output, "request " + request + ", head " + head);

        int owned = sizes.heads() / states.ranks().size();
        INDArray merged = states.ranks().get(head / owned).merged();
        assertEquals(output, row(merged, request, head % owned));
      }
    }
  }

  @Property(tries = 40, seed = "7308")
  void aRanksPartialIsTheSoftmaxOverTheTokensThatThePlacementGivesIt(
      @ForAll("sizes") Sizes sizes, @ForAll("manners") Manner manner, @ForAll long seed) {
    Problem problem = new Problem(sizes, manner, seed);
    List<RankStates> ranks = problem.attend().ranks();
    int partialHeads = sizes.heads() / sizes.tpa();
    for (int rank = 0; rank < ranks.size(); rank++) {
      PartialStates partial = ranks.get(rank).partial();
      int kvpIndex = rank % sizes.kvp();
      for (int request = 0; request < sizes.requests(); request++) {
        List<Integer> tokens =
            problem.visible(request).stream()
                .filter(position -> problem.placement.owner(position) == kvpIndex)
                .toList();
        for (int local = 0; local < partialHeads; local++) {
          int head = rank / sizes.kvp() * partialHeads + local;
          double sink = kvpIndex == 0 ? problem.rule.sink(head) : Double.NEGATIVE_INFINITY;
          PlainSoftmax part = problem.plain(request, head, tokens, sink);
          String where = "rank %d, request %d, head %d".formatted(rank, request, head);
          requireWithin(part, row(partial.output(), request, local), where);
          double lse = partial.lse().getDouble(request, local);
          assertTrue(
              lse == part.lse() || Math.abs(lse - part.lse()) <= part.lseBound(),
              () -> where + ": LSE " + lse + ", expected " + part);
        }
      }
    }
  }

  @Property(tries = 40, seed = "7309")
  void theExchangeGivesEachRankItsHeadsFromEveryShardBitForBit(
      @ForAll("sizes") Sizes sizes, @ForAll("manners") Manner manner, @ForAll long seed) {
    List<RankStates> ranks = new Problem(sizes, manner, seed).attend().ranks();
    int owned = sizes.heads() / ranks.size();
    for (int rank = 0; rank < ranks.size(); rank++) {
      int firstOfGroup = rank - rank % sizes.kvp();
      for (int shard = 0; shard < sizes.kvp(); shard++) {
        PartialStates sent = ranks.get(firstOfGroup + shard).partial();
        PartialStates received = ranks.get(rank).exchanged();
        for (int request = 0; request < sizes.requests(); request++) {
          for (int head = 0; head < owned; head++) {
            int of = rank % sizes.kvp() * owned + head;
            assertBits(
                sent.lse().getDouble(request, of), received.lse().getDouble(shard, request, head));
            for (int i = 0; i < sizes.headDim(); i++) {
              assertBits(
                  sent.output().getDouble(request, of, i),
                  received.output().getDouble(shard, request, head, i));
            }
          }
        }
      }
    }
  }

  private static void assertBits(double expected, double actual) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual));
  }

  private static void requireWithin(PlainSoftmax expected, INDArray output, String where) {
    for (int i = 0; i < output.length(); i++) {
      double off = Math.abs(output.getDouble(i) - expected.output().getDouble(i));
      double bound = expected.outputBound()[i];
      int component = i;
      assertTrue(
          off <= bound,
          () -> "%s, component %d: off by %s of %s".formatted(where, component, off, bound));
    }
  }

  /** Element by element: ND4J's {@code get} finds nothing in some parts of larger arrays. */
  private static INDArray row(INDArray array, int batch, int head) {
    INDArray row = Nd4j.create(DataType.DOUBLE, array.size(2));
    for (int i = 0; i < row.length(); i++) {
      row.putScalar(i, array.getDouble(batch, head, i));
    }
    return row;
  }

  @Provide
  Arbitrary<Sizes> sizes() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(1, 2),
            Arbitraries.of(2, 4, 6),
            Arbitraries.integers().between(1, 3))
        .as(Sizes::new);
  }

  @Provide
  Arbitrary<Manner> manners() {
    Arbitrary<Boolean> either = Arbitraries.of(false, true);
    return Combinators.combine(
            either,
            either,
            either,
            either,
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 4))
        .as(Manner::new);
  }

  private static final class Problem {
    private static final int TOKENS = 24;

    final Sizes sizes;
    final KvPlacement placement;
    final ScoreRule rule;
    final int[] lengths;
    final INDArray q;
    final INDArray k;
    final INDArray v;

    Problem(Sizes sizes, Manner manner, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      this.sizes = sizes;
      this.lengths =
          IntStream.range(0, sizes.requests()).map(i -> random.nextInt(1, TOKENS + 1)).toArray();
      this.placement =
          manner.run() == 0
              ? new ContiguousPlacement(sizes.kvp(), TOKENS + random.nextInt(10))
              : new RoundRobinPlacement(sizes.kvp(), manner.run());
      this.rule = rule(manner, sizes.heads(), random);
      this.q = laid(manner, random, sizes.requests(), sizes.heads(), sizes.headDim());
      long[] cache = {sizes.requests(), TOKENS, sizes.kvHeads(), sizes.headDim()};
      this.k = laid(manner, random, cache);
      this.v = laid(manner, random, cache);
      for (int request = 0; request < sizes.requests(); request++) {
        for (int token = lengths[request]; token < TOKENS; token++) {
          for (int head = 0; head < sizes.kvHeads(); head++) {
            k.putScalar(new int[] {request, token, head, 0}, Double.NaN);
            v.putScalar(new int[] {request, token, head, 1}, Double.NaN);
          }
        }
      }
    }

    ShardedStates attend() {
      return new ShardedAttention(sizes.layout(), placement, rule).attend(q, k, v, lengths);
    }

    /** The positions that the query of a request sees. */
    List<Integer> visible(int request) {
      int first = Math.max(0, lengths[request] - rule.window().orElse(TOKENS));
      return IntStream.range(first, lengths[request]).boxed().toList();
    }

    PlainSoftmax plain(int request, int head, List<Integer> positions, double sink) {
      int kvHead = head / (sizes.heads() / sizes.kvHeads());
      return PlainSoftmax.of(
          row(q, request, head),
          tokens(k, request, kvHead, positions),
          tokens(v, request, kvHead, positions),
          positions,
          lengths[request] - 1,
          rule,
          head,
          sink,
          sizes.kvp());
    }

    private INDArray tokens(INDArray cache, int request, int kvHead, List<Integer> positions) {
      INDArray chosen =
          Nd4j.create(DataType.DOUBLE, Math.max(1, positions.size()), sizes.headDim());
      for (int j = 0; j < positions.size(); j++) {
        for (int i = 0; i < sizes.headDim(); i++) {
          chosen.putScalar(j, i, cache.getDouble(request, positions.get(j), kvHead, i));
        }
      }
      return chosen;
    }

    private static ScoreRule rule(Manner manner, int heads, SplittableRandom random) {
      ScoreRule rule = ScoreRule.ofScale(0.25 + random.nextDouble());
      rule = manner.cap() ? rule.withSoftCap(0.5 + random.nextDouble()) : rule;
      rule = manner.window() ? rule.withWindow(random.nextInt(1, TOKENS)) : rule;
      rule = manner.sinks() ? rule.withSinks(numbers(random, heads)) : rule;
      return manner.alibi() ? rule.withAlibi(numbers(random, heads)) : rule;
    }

    private static List<Double> numbers(SplittableRandom random, int count) {
      List<Double> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        numbers.add(random.nextInt(4) == 0 ? 0.0 : random.nextDouble(-3, 3));
      }
      return numbers;
    }

    /** Random numbers in order 'c', in order 'f', as part of a larger array, or of type FLOAT. */
    private static INDArray laid(Manner manner, SplittableRandom random, long... shape) {
      double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
      Arrays.setAll(numbers, i -> random.nextDouble(-3, 3));
      INDArray array = Nd4j.createFromArray(numbers).reshape('c', shape);
      return switch (manner.memory()) {
        case 0 -> array;
        case 1 -> array.dup('f');
        case 2 -> {
          long[] larger = shape.clone();
          larger[shape.length - 1] += 3;
          INDArray whole = Nd4j.valueArrayOf(larger, Double.NaN, DataType.DOUBLE);
          yield inside(whole, shape).assign(array);
        }
        default -> array.castTo(DataType.FLOAT);
      };
    }

    private static INDArray inside(INDArray larger, long[] shape) {
      INDArrayIndex[] indices = new INDArrayIndex[shape.length];
      for (int axis = 0; axis < shape.length; axis++) {
        indices[axis] =
            axis == shape.length - 1
                ? NDArrayIndex.interval(1, 1 + shape[axis])
                : NDArrayIndex.all();
      }
      return larger.get(indices);
    }
  }
}
