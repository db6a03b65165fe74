package dev.helix.attention.fp64;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.PagePart;
import dev.helix.attention.cache.VisibleSlots;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Blas;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.List;

/**
 * One launch of decode attention. It takes the pages of a request in order, with a running maximum
 * m, sum l and unnormalised output o for each head (online softmax; FlashAttention, arXiv
 * 2205.14135, Alg. 1). One product gives the scores of a page, and another its weighted values, for
 * all query heads that share a KV head at once; a few heads go through {@link FewHeads} instead.
 * Where keys and values are one tensor, a value is the first components of its row. The running
 * state begins with the sink.
 */
final class FlashDecode {
  private final Fp64Rank rank;
  private final String operation;
  private final VisibleSlots visible;
  private final Fp64Tensor queries;
  private final ScoreRule rule;
  private final int heads;
  private final int dim;
  private final int valueDim;
  private final Fp64Tensor output;
  private final Fp64Tensor lse;

  /**
   * Prepares one launch.
   *
   * @param operation the launch, for messages
   * @param valueDim components of a token's value
   */
  FlashDecode(Fp64Rank rank, String operation, Fp64Tensor queries, ScoreRule rule, int valueDim) {
    this.rank = rank;
    this.operation = operation;
    this.visible = new VisibleSlots(rank, operation, queries.spec(), valueDim);
    this.queries = queries;
    this.heads = queries.spec().size(Axis.HEADS);
    this.rule = rule.requireHeads(operation, heads);
    this.dim = queries.spec().size(Axis.HEAD_DIM);
    this.valueDim = valueDim;
    this.output = rank.allocate(queries.spec().resized(Axis.HEAD_DIM, valueDim));
    Spec withoutDim = new Spec(queries.spec().dtype(), queries.spec().dims().subList(0, 2));
    this.lse = rank.allocate(withoutDim);
  }

  PartialAttention<Fp64Tensor> over(List<KvView<Fp64Tensor>> views) {
    for (int row = 0; row < views.size(); row++) {
      KvView<Fp64Tensor> view = views.get(row);
      if (view.length() == 0) {
        empty(row);
      } else {
        attend(row, view);
      }
    }
    return new PartialAttention<>(output, lse);
  }

  private void empty(int row) {
    for (int i = 0; i < heads * valueDim; i++) {
      output.region().set((long) row * heads * valueDim + i, 0.0);
    }
    for (int head = 0; head < heads; head++) {
      lse.region().set((long) row * heads + head, rule.sink(head));
    }
  }

  private void attend(int row, KvView<Fp64Tensor> view) {
    List<PagePart<Fp64Tensor>> parts = visible.in(view);
    int kvHeads = parts.get(0).kvHeads();
    int longest = parts.stream().mapToInt(PagePart::tokens).max().orElseThrow();
    Scores.DistanceTo distanceTo =
        rule.alibiSlopes().isEmpty() ? slot -> 0 : view.positions(operation)::distance;
    Scores rules = new Scores(rule, distanceTo);
    int group = heads / kvHeads;
    if (1 < group && group <= FewHeads.MOST) {
      for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
        HeadGroup shared = new HeadGroup(row, kvHead, group, heads);
        new FewHeads(rank, queries, rules, shared, valueDim)
            .over(parts)
            .write(output.region(), lse.region(), shared.first());
      }
      return;
    }
    Region scores = rank.scratch((long) group * longest);
    for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
      Running running = new Running(row, kvHead, group, rules);
      for (PagePart<Fp64Tensor> part : parts) {
        running.add(part, scores);
      }
      running.finish();
    }
  }

  /** The running state of the query heads of one row that share a KV head. */
  private final class Running {
    private final int kvHead;
    private final int group;
    private final long firstHead;
    private final double[] maxima;
    private final double[] sums;
    private final Scores rules;

    Running(int row, int kvHead, int group, Scores rules) {
      this.kvHead = kvHead;
      this.group = group;
      this.firstHead = (long) row * heads + (long) kvHead * group;
      this.maxima = new double[group];
      this.sums = new double[group];
      this.rules = rules;
      for (int head = 0; head < group; head++) {
        maxima[head] = rules.sink(kvHead * group + head);
        sums[head] = maxima[head] == Double.NEGATIVE_INFINITY ? 0 : 1;
      }
      for (int i = 0; i < group * valueDim; i++) {
        output.region().set(firstHead * valueDim + i, 0.0);
      }
    }

    void add(PagePart<Fp64Tensor> part, Region scores) {
      KvPage<Fp64Tensor> page = part.page();
      int tokens = part.tokens();
      long token = (long) kvHead * page.keys().spec().size(Axis.SLOTS) + part.from();
      int valueStride = page.values().spec().size(Axis.HEAD_DIM);
      Blas.timesTransposed(
          group,
          tokens,
          dim,
          queries.region(),
          firstHead * dim,
          page.keys().region(),
          token * dim,
          scores,
          0);
      for (int head = 0; head < group; head++) {
        exponentiate(head, part, scores);
      }
      Blas.addTimes(
          group,
          valueDim,
          tokens,
          scores,
          0,
          page.values().region(),
          token * valueStride,
          valueStride,
          output.region(),
          firstHead * valueDim);
    }

    /**
     * Turns a head's products into weights exp(s − m), and rescales what is summed so far to the
     * new m.
     */
    private void exponentiate(int head, PagePart<Fp64Tensor> part, Region scores) {
      int tokens = part.tokens();
      long from = (long) head * tokens;
      double maximum = maxima[head];
      for (int j = 0; j < tokens; j++) {
        double product = scores.get(from + j);
        double score = rules.of(kvHead * group + head, product, part.localSlot() + j);
        scores.set(from + j, score);
        maximum = Math.max(maximum, score);
      }
      // While all scores so far are −∞ nothing has weight, and −∞ − (−∞) would be NaN.
      boolean nothingYet = maximum == Double.NEGATIVE_INFINITY;
      double rescale = nothingYet ? 1.0 : Math.exp(maxima[head] - maximum);
      double sum = sums[head] * rescale;
      for (int j = 0; j < tokens; j++) {
        double weight = nothingYet ? 0.0 : Math.exp(scores.get(from + j) - maximum);
        scores.set(from + j, weight);
        sum += weight;
      }
      if (rescale != 1.0) {
        for (int i = 0; i < valueDim; i++) {
          long at = (firstHead + head) * valueDim + i;
          output.region().set(at, output.region().get(at) * rescale);
        }
      }
      maxima[head] = maximum;
      sums[head] = sum;
    }

    void finish() {
      for (int head = 0; head < group; head++) {
        for (int i = 0; i < valueDim; i++) {
          long at = (firstHead + head) * valueDim + i;
          output.region().set(at, output.region().get(at) / sums[head]);
        }
        // If the scores of all tokens have overflowed to −∞, the state is not empty: output and LSE
        // are
        // then NaN, which nobody can take for a result.
        boolean lost = sums[head] == 0;
        double sum = lost ? Double.NaN : sums[head];
        lse.region().set(firstHead + head, maxima[head] + Math.log(sum));
      }
    }
  }
}
