package dev.helix.runtime.sharded;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A decode step whose queries, keys and values are drawn, and whose ranks compute as GPUs do: by
 * {@link GpuKernel} and {@link GpuMerge}, which share nothing with what judges them.
 */
final class DrawnStep {
  /** What a step is like. */
  record Kind(
      StepShape shape, int runLength, int phase, int pageSize, int queryTokens, Extras extras) {
    /** GQA without anything special, in pages. */
    static Kind plain() {
      return new Kind(new StepShape(8, 2, 16, 16, 4), 4, 0, 8, 1, Extras.NONE);
    }

    Kind of(StepShape other) {
      return new Kind(other, runLength, phase, pageSize, queryTokens, extras);
    }

    Kind runs(int length, int from) {
      return new Kind(shape, length, from, pageSize, queryTokens, extras);
    }

    Kind pages(int size) {
      return new Kind(shape, runLength, phase, size, queryTokens, extras);
    }

    Kind tokens(int each) {
      return new Kind(shape, runLength, phase, pageSize, each, extras);
    }

    Kind with(Extras others) {
      return new Kind(shape, runLength, phase, pageSize, queryTokens, others);
    }
  }

  /** What scores and caches have beside products. */
  record Extras(boolean softCap, boolean window, boolean sinks, boolean slopes, boolean fp8) {
    static final Extras NONE = new Extras(false, false, false, false, false);
  }

  private final Random random;
  private final Kind kind;
  private final int[] lengths;
  final StepFacts facts;
  final List<RankCache> caches = new ArrayList<>();
  final double[] queries;
  private final List<double[]> allKeys = new ArrayList<>();
  private final List<double[]> allValues = new ArrayList<>();
  private boolean latent;

  DrawnStep(long seed, Kind kind, int... lengths) {
    this(seed, kind, NamedConventions.VLLM_DCP, lengths);
  }

  DrawnStep(long seed, Kind kind, Convention convention, int... lengths) {
    this.random = new Random(seed);
    this.kind = kind;
    this.lengths = lengths.clone();
    StepShape shape = kind.shape();
    TokenOwners owners =
        new TokenOwners(
            shape.kvp(),
            lengths,
            OwnerRule.roundRobin(shape.kvp(), kind.runLength(), kind.phase()));
    List<QueryToken> tokens = new ArrayList<>();
    for (int request = 0; request < lengths.length; request++) {
      int each = Math.min(kind.queryTokens(), lengths[request]);
      for (int i = each - 1; i >= 0; i--) {
        tokens.add(new QueryToken(request, lengths[request] - i - 1));
      }
    }
    this.queries = drawn(tokens.size() * shape.heads() * shape.keyDim(), 1.5);
    CacheScales scales =
        kind.extras().fp8() ? CacheScales.of(0.043, 0.0171, DType.BF16) : CacheScales.NONE;
    this.facts =
        new StepFacts(
            shape,
            tokens,
            owners,
            rule(shape),
            new StepFacts.Forms(KernelRoundings.of(convention), convention, scales));
    for (int rank = 0; rank < shape.kvp(); rank++) {
      caches.add(cache(rank, owners));
    }
  }

  private ScoreRule rule(StepShape shape) {
    Extras extras = kind.extras();
    List<Double> sinks = new ArrayList<>();
    List<Double> slopes = new ArrayList<>();
    for (int head = 0; head < shape.heads(); head++) {
      sinks.add(DType.F32.round(random.nextGaussian() + 2));
      slopes.add(Math.scalb(1.0, -1 - head % 8));
    }
    return new ScoreRule(
        1 / Math.sqrt(shape.keyDim()),
        extras.softCap() ? OptionalDouble.of(3) : OptionalDouble.empty(),
        extras.window() ? OptionalInt.of(13) : OptionalInt.empty(),
        extras.sinks() ? sinks : List.of(),
        extras.slopes() ? slopes : List.of());
  }

  private double[] drawn(int count, double size) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> DType.BF16.round(size * random.nextGaussian()));
    return numbers;
  }

  /** Pages in no order, with NaN in every slot that no token takes, and a table padded with −1. */
  private RankCache cache(int rank, TokenOwners owners) {
    StepShape shape = kind.shape();
    int page = kind.pageSize();
    int[][] table = new int[lengths.length][];
    List<Integer> free = new ArrayList<>();
    int pages = 0;
    for (int request = 0; request < lengths.length; request++) {
      pages += (owners.localLength(request, rank) + page - 1) / page;
    }
    for (int i = 0; i < pages + 2; i++) {
      free.add(i);
    }
    Collections.shuffle(free, random);
    int rows = (pages + 2) * page;
    double[] keys = new double[rows * shape.kvHeads() * shape.keyDim()];
    double[] values = new double[rows * shape.kvHeads() * shape.valueDim()];
    Arrays.fill(keys, Double.NaN);
    Arrays.fill(values, Double.NaN);
    for (int request = 0; request < lengths.length; request++) {
      int kept = owners.localLength(request, rank);
      int used = (kept + page - 1) / page;
      table[request] = new int[used + 2];
      Arrays.fill(table[request], RankCache.NO_PAGE);
      for (int i = 0; i < used; i++) {
        table[request][i] = free.remove(free.size() - 1);
      }
      for (int slot = 0; slot < kept; slot++) {
        int row = table[request][slot / page] * page + slot % page;
        fill(keys, row, shape.keyDim());
        fill(values, row, shape.valueDim());
      }
    }
    allKeys.add(keys);
    allValues.add(values);
    return new RankCache(
        table,
        page,
        CacheVectors.of(keys, shape.kvHeads(), shape.keyDim()),
        CacheVectors.of(values, shape.kvHeads(), shape.valueDim()));
  }

  private void fill(double[] vectors, int row, int dim) {
    boolean fp8 = kind.extras().fp8();
    int size = kind.shape().kvHeads() * dim;
    for (int i = row * size; i < (row + 1) * size; i++) {
      double drawn = random.nextGaussian();
      vectors[i] = fp8 ? DType.FP8.round(40 * drawn) : DType.BF16.round(drawn);
    }
  }

  /** What the ranks dump, if they have this kernel and this merge. */
  ShardedStep dumped(GpuKernel kernel, GpuMerge merge) {
    List<RankStep> ranks = new ArrayList<>();
    List<GpuKernel.States> states = new ArrayList<>();
    for (int rank = 0; rank < kind.shape().kvp(); rank++) {
      states.add(kernel.attend(this, rank));
    }
    for (int rank = 0; rank < kind.shape().kvp(); rank++) {
      Map<StepTensor, double[]> tensors = new EnumMap<>(StepTensor.class);
      tensors.put(StepTensor.QUERY, queries);
      double[] kept = new double[lengths.length];
      for (int request = 0; request < kept.length; request++) {
        kept[request] = facts.owners().localLength(request, rank);
      }
      tensors.put(StepTensor.LOCAL_LENGTHS, kept);
      tensors.put(StepTensor.PARTIAL_OUTPUT, states.get(rank).outputs());
      tensors.put(StepTensor.PARTIAL_LSE, states.get(rank).lses());
      tensors.put(StepTensor.MERGED_OUTPUT, merge.merged(this, states, rank));
      ranks.add(new RankStep(rank, tensors, Optional.of(caches.get(rank))));
    }
    return new ShardedStep(facts, ranks);
  }

  /** The same step where values are the front of keys, as latents are. */
  DrawnStep latent() {
    StepShape shape = kind.shape();
    latent = true;
    for (int rank = 0; rank < shape.kvp(); rank++) {
      double[] keys = allKeys.get(rank);
      int dim = shape.keyDim();
      CacheVectors front =
          (row, kvHead, into) ->
              System.arraycopy(keys, Math.toIntExact(row * dim), into, 0, into.length);
      int[][] table = new int[lengths.length][];
      RankCache given = caches.get(rank);
      Arrays.setAll(table, given::pages);
      caches.set(rank, new RankCache(table, given.pageSize(), front, front));
    }
    return this;
  }

  boolean isLatent() {
    return latent;
  }

  /** The keys of a rank's pages. */
  double[] keys(int rank) {
    return allKeys.get(rank);
  }

  /** The values of a rank's pages. */
  double[] values(int rank) {
    return allValues.get(rank);
  }

  /** The number of a rank's pages. */
  int pages(int rank) {
    StepShape shape = kind.shape();
    return allKeys.get(rank).length / (kind.pageSize() * shape.kvHeads() * shape.keyDim());
  }
}
