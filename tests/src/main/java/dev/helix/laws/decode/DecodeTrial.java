package dev.helix.laws.decode;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionWeights;
import dev.helix.attention.HelixAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.Routing;
import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import dev.helix.runtime.ranks.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.RankFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** One law of the decode program on ranks, one implementation, one case. */
final class DecodeTrial extends Trial {
  private static final int EXPERTS = 6;

  private final DecodeUnderTest subject;
  private final DecodeCase given;

  DecodeTrial(Law law, DecodeUnderTest subject, DecodeCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    switch (law()) {
      case DECODE_UNSHARDED -> unsharded(false);
      case DECODE_RELABELLED -> unsharded(true);
      case DECODE_ALL_TO_ALL -> require(exchanges().allToAll());
      case DECODE_PROJECTIONS -> projections();
      case DECODE_RANKS_AGREE -> ranksAgree();
      case DECODE_PLACEMENT -> placement();
      case DECODE_ROUTING -> routing();
      default -> throw new IllegalArgumentException(law() + " is not a law of the decode");
    }
  }

  private void unsharded(boolean relabelled) {
    List<double[]> outputs = decode(relabelled).get(0);
    List<DecodeCase.Baseline> baselines = new ArrayList<>();
    for (int request = 0; request < given.requests(); request++) {
      baselines.add(given.baseline());
    }
    for (int step = 0; step < given.steps.size(); step++) {
      List<QueryToken> tokens = given.steps.get(step);
      for (int row = 0; row < tokens.size(); row++) {
        QueryToken token = tokens.get(row);
        double[] x = given.x(token);
        double[] expected = baselines.get(token.request()).attention().step(x);
        double[] bound = baselines.get(token.request()).bound().step(x, new double[x.length]);
        for (int i = 0; i < expected.length; i++) {
          within(token, i, expected[i], outputs.get(step)[row * expected.length + i], bound[i]);
        }
      }
    }
  }

  private void within(QueryToken token, int i, double expected, double got, double bound) {
    String where =
        "request %d, position %d, component %d".formatted(token.request(), token.position(), i);
    within("the ranks' output", where, DType.F64, expected, got, bound);
  }

  private void ranksAgree() {
    List<List<double[]>> ranks = decode(false);
    for (int rank = 1; rank < ranks.size(); rank++) {
      for (int step = 0; step < given.steps.size(); step++) {
        int other = rank;
        int at = step;
        require(
            Arrays.equals(ranks.get(0).get(step), ranks.get(rank).get(step)),
            () -> "rank %d differs from rank 0 after step %d".formatted(other, at));
      }
    }
  }

  /** Σ local lengths = S, every position has one owner, and (shard, slot) leads back to it. */
  private void placement() {
    int shards = given.placement.shards();
    List<KvPlacement> believed = new ArrayList<>();
    for (int rank = 0; rank < shards; rank++) {
      believed.add(subject.placement(place(rank, false)));
    }
    for (int request = 0; request < given.requests(); request++) {
      int tokens = given.length(request);
      for (int length = 0; length <= tokens; length++) {
        int sum = 0;
        for (int shard = 0; shard < shards; shard++) {
          sum += believed.get(shard).localLength(shard, length);
        }
        int total = sum;
        int of = length;
        require(
            sum == length,
            () -> "the ranks' local lengths of %d tokens add up to %d".formatted(of, total));
      }
      Set<List<Integer>> places = new HashSet<>();
      for (int position = 0; position < tokens; position++) {
        int owners = 0;
        for (int shard = 0; shard < shards; shard++) {
          KvPlacement own = believed.get(shard);
          if (own.owner(position) == shard) {
            owners++;
            int at = position;
            require(
                own.position(shard, own.slot(position)) == position
                    && places.add(List.of(shard, own.slot(position))),
                () -> "position %d has no place of its own".formatted(at));
          }
        }
        int found = owners;
        int at = position;
        require(owners == 1, () -> "position %d has %d owners".formatted(at, found));
      }
    }
  }

  /** Logits of few values, so that experts tie. */
  private void routing() {
    SplittableRandom random = new SplittableRandom(given.seed());
    int tokens = 4;
    double[] logits = random.ints((long) tokens * EXPERTS, 0, 2).asDoubleStream().toArray();
    ExpertRouter router = new ExpertRouter(RouterRule.plain(EXPERTS, 2, true), new double[EXPERTS]);
    Routing first = subject.route(0, router, logits.clone(), tokens);
    for (int rank = 1; rank < 4; rank++) {
      Routing other = subject.route(rank, router, logits.clone(), tokens);
      int at = rank;
      require(
          first.equals(other),
          () ->
              "for logits %s rank 0 chooses %s, rank %d %s"
                  .formatted(Arrays.toString(logits), first.tokens(), at, other.tokens()));
    }
  }

  /**
   * A rank's place.
   *
   * @param relabelled whether the parts of the tokens go to the ranks of a group in reverse
   */
  private DecodeUnderTest.Place place(int rank, boolean relabelled) {
    int kvpIndex = given.sharding.layout().kvpIndex(rank);
    int part = relabelled ? given.sharding.layout().kvp() - 1 - kvpIndex : kvpIndex;
    ScoreRule groupRule = given.rule.on(given.sharding, rank - kvpIndex);
    return new DecodeUnderTest.Place(rank, part, given.placement, groupRule);
  }

  private CollectiveLawBodies exchanges() {
    return new CollectiveLawBodies(
        subject, given.sharding.layout().all(), given.seed(), rank -> place(rank, false));
  }

  private void projections() {
    exchanges().projections(this::within);
  }

  private void require(Optional<String> nothing) {
    require(nothing.isEmpty(), nothing::orElseThrow);
  }

  /** What each rank returns for each step, {@code [batch, hidden]}. */
  private List<List<double[]>> decode(boolean relabelled) {
    Fp64Reading reading = new Fp64Reading();
    try {
      return ThreadRanks.run(
          given.sharding.layout().ranks(),
          communicator -> decode(communicator, reading, relabelled));
    } catch (RankFailure e) {
      throw new LawViolation.Refusal("the ranks stopped: " + e.getMessage());
    }
  }

  private List<double[]> decode(
      Communicator communicator, Fp64Reading reading, boolean relabelled) {
    RankOperations<Fp64Tensor> operations = reading.on(communicator);
    DecodeUnderTest.Place place = place(communicator.rank(), relabelled);
    AttentionKernels<Fp64Tensor> kernels = subject.kernels(place, operations.attention());
    int dim = given.shape.headDim();
    KvShard<Fp64Tensor> cache =
        new KvShard<>(kernels, place.kvpIndex(), given.sharding.localKvHeads(), dim, DType.F64);
    for (int request = 0; request < given.requests(); request++) {
      cache.open(request, subject.placement(place), given.length(request));
    }
    HelixAttention<Fp64Tensor> attention =
        new HelixAttention<>(
            operations.kernels(),
            kernels,
            subject.collectives(place, operations.collectives()),
            given.sharding,
            new RotaryEmbedding(DecodeCase.ROPE, dim),
            given.rule,
            weights(operations, communicator.rank()),
            cache,
            false);
    List<double[]> outputs = new ArrayList<>();
    for (List<QueryToken> step : given.steps) {
      double[] x = step.stream().flatMapToDouble(token -> Arrays.stream(given.x(token))).toArray();
      Spec spec =
          Spec.of(
              DType.F64, new Dim(Axis.BATCH, step.size()), new Dim(Axis.HIDDEN, given.hidden()));
      Fp64Tensor input =
          operations.kernels().constant(spec, new WeightSlice("x" + outputs.size(), () -> x));
      outputs.add(operations.kernels().toHost(attention.attend(input, step)));
    }
    return outputs;
  }

  private AttentionWeights<Fp64Tensor> weights(RankOperations<Fp64Tensor> operations, int rank) {
    Dim hidden = new Dim(Axis.HIDDEN, given.hidden());
    int rows = given.sharding.local().qkvRows();
    int columns = given.sharding.ownedHeads() * given.shape.headDim();
    return new AttentionWeights<>(
        operations
            .kernels()
            .constant(
                Spec.of(DType.F64, new Dim(Axis.QKV, rows), hidden),
                new WeightSlice("qkv of rank " + rank, () -> given.qkv(rank))),
        operations
            .kernels()
            .constant(
                Spec.of(DType.F64, hidden, new Dim(Axis.HEADS_BY_DIM, columns)),
                new WeightSlice("output of rank " + rank, () -> given.output(rank))));
  }
}
