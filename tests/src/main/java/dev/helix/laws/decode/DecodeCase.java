package dev.helix.laws.decode;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.AttentionSharding;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.baseline.BaselineAttention.StepErrorBound;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One attention layer with random weights and a ragged batch that is prefilled in chunks and then
 * decoded token by token. Lengths lie around the ends of runs and rounds of the placement.
 */
public final class DecodeCase {
  static final RopeParameters ROPE = RopeParameters.of(100);
  private static final int HIDDEN = 6;
  private static final int[][] SHAPES = {{8, 2, 4}, {4, 4, 2}, {12, 1, 2}, {8, 4, 2}};
  private static final int[][] LAYOUTS = {{2, 1}, {4, 1}, {2, 2}, {1, 1}, {4, 2}};

  final AttentionShape shape;
  final AttentionSharding sharding;
  final RoundRobinPlacement placement;
  final List<List<QueryToken>> steps = new ArrayList<>();
  final ScoreRule rule;
  private final double[] wq;
  private final double[] wk;
  private final double[] wv;
  private final double[] wo;
  private final long seed;
  private final List<Integer> lengths = new ArrayList<>();

  DecodeCase(SplittableRandom random) {
    seed = random.nextLong() >>> 1;
    AttentionShape someShape;
    Layout layout;
    do {
      int[] sizes = SHAPES[random.nextInt(SHAPES.length)];
      int[] widths = LAYOUTS[random.nextInt(LAYOUTS.length)];
      someShape = new AttentionShape(HIDDEN, sizes[0], sizes[1], sizes[2]);
      layout = Layout.dense(widths[0], widths[1]);
    } while (someShape.kvHeads() % layout.tpa() != 0
        || someShape.queryHeads() % layout.ranks() != 0);
    shape = someShape;
    sharding = new AttentionSharding(shape, layout);
    int run = new int[] {1, 2, 3, 16}[random.nextInt(4)];
    placement = new RoundRobinPlacement(layout.kvp(), run);
    int round = Math.min(33, layout.kvp() * run);
    int requests = 1 + random.nextInt(2);
    for (int request = 0; request < requests; request++) {
      int around = round * (1 + random.nextInt(round < 8 ? 2 : 1));
      lengths.add(Math.max(4, around + random.nextInt(-1, 3) + (request == 0 ? 0 : 1)));
    }
    schedule(random);
    int dim = shape.headDim();
    wq = matrix(random, shape.queryHeads() * dim, HIDDEN, 2);
    wk = matrix(random, shape.kvHeads() * dim, HIDDEN, 2);
    wv = matrix(random, shape.kvHeads() * dim, HIDDEN, 1);
    wo = matrix(random, HIDDEN, shape.queryHeads() * dim, 1);
    rule = rule(random, shape);
  }

  /** Half of them scale products and do nothing else. */
  private static ScoreRule rule(SplittableRandom random, AttentionShape shape) {
    ScoreRule rule = ScoreRule.ofScale(shape.scoreScale());
    if (random.nextBoolean()) {
      return rule;
    }
    int heads = shape.queryHeads();
    rule = random.nextBoolean() ? rule.withSoftCap(1 + random.nextInt(4)) : rule;
    rule = random.nextInt(3) == 0 ? rule.withWindow(1 + random.nextInt(12)) : rule;
    rule =
        random.nextBoolean() ? rule.withSinks(random.doubles(heads, -3, 3).boxed().toList()) : rule;
    return random.nextInt(3) == 0
        ? rule.withAlibi(random.doubles(heads, 0, 0.5).boxed().toList())
        : rule;
  }

  /** Chunks of random sizes, then the last three tokens of each request one by one. */
  private void schedule(SplittableRandom random) {
    int[] done = new int[lengths.size()];
    boolean open = true;
    while (open) {
      List<QueryToken> step = new ArrayList<>();
      open = false;
      for (int request = 0; request < done.length; request++) {
        int left = lengths.get(request) - done[request];
        int chunk = left > 3 ? Math.min(left - 3, 1 + random.nextInt(left)) : Math.min(left, 1);
        for (int i = 0; i < chunk; i++) {
          step.add(new QueryToken(request, done[request]++));
        }
        open |= done[request] < lengths.get(request);
      }
      steps.add(List.copyOf(step));
    }
  }

  private static double[] matrix(SplittableRandom random, int rows, int columns, double size) {
    return random.doubles((long) rows * columns, -size, size).toArray();
  }

  int requests() {
    return lengths.size();
  }

  int length(int request) {
    return lengths.get(request);
  }

  int hidden() {
    return HIDDEN;
  }

  long seed() {
    return seed;
  }

  /** The layer's input at a position of a request. */
  double[] x(QueryToken token) {
    long number = seed ^ (token.request() * 1_000_003L + token.position()) * 0x9E3779B97F4A7C15L;
    return new SplittableRandom(number).doubles(HIDDEN, -1, 1).toArray();
  }

  /** This rank's rows of the three projections, stacked. */
  double[] qkv(int rank) {
    int dim = shape.headDim();
    AttentionShape local = sharding.local();
    double[] rows = new double[local.qkvRows() * HIDDEN];
    int queries = local.queryHeads() * dim * HIDDEN;
    int kv = local.kvHeads() * dim * HIDDEN;
    System.arraycopy(wq, sharding.firstPartialHead(rank) * dim * HIDDEN, rows, 0, queries);
    System.arraycopy(wk, sharding.firstKvHead(rank) * dim * HIDDEN, rows, queries, kv);
    System.arraycopy(wv, sharding.firstKvHead(rank) * dim * HIDDEN, rows, queries + kv, kv);
    return rows;
  }

  /** This rank's columns of the output projection. */
  double[] output(int rank) {
    int width = shape.queryHeads() * shape.headDim();
    int own = sharding.ownedHeads() * shape.headDim();
    int from = sharding.firstOwnedHead(rank) * shape.headDim();
    double[] columns = new double[HIDDEN * own];
    for (int row = 0; row < HIDDEN; row++) {
      System.arraycopy(wo, row * width + from, columns, row * own, own);
    }
    return columns;
  }

  /** The unsharded definition of one request, and the bound that walks beside it. */
  Baseline baseline() {
    UnshardedAttention attention = new UnshardedAttention(shape, ROPE, rule, wq, wk, wv, wo);
    return new Baseline(attention, attention.errorBound(placement.shards()));
  }

  record Baseline(UnshardedAttention attention, StepErrorBound bound) {}

  @Override
  public String toString() {
    return "%s on %s, %s, %s, requests of %s tokens in steps of %s, choices %d"
        .formatted(
            shape,
            sharding.layout(),
            placement,
            rule,
            lengths,
            steps.stream().map(List::size).toList(),
            seed);
  }
}
