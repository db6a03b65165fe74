package dev.helix.attention.fp64;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.cache.KvPage;
import dev.helix.attention.cache.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Blas;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.List;

/**
 * One launch of decode attention: the pages of a request in order, with a running maximum m, sum l
 * and unnormalised output o for each head (online softmax; FlashAttention, arXiv 2205.14135, Alg.
 * 1). A page's scores are one product, its weighted values another, for all query heads that share
 * a KV head at once.
 */
final class FlashDecode {
  private final Fp64Rank rank;
  private final Fp64Tensor queries;
  private final double scale;
  private final int heads;
  private final int dim;
  private final Fp64Tensor output;
  private final Fp64Tensor lse;

  FlashDecode(Fp64Rank rank, Fp64Tensor queries, double scale) {
    this.rank = rank;
    this.queries = queries;
    this.scale = scale;
    this.heads = queries.spec().size(Axis.HEADS);
    this.dim = queries.spec().size(Axis.HEAD_DIM);
    this.output = rank.allocate(queries.spec());
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
    for (int i = 0; i < heads * dim; i++) {
      output.region().set((long) row * heads * dim + i, 0.0);
    }
    for (int head = 0; head < heads; head++) {
      lse.region().set((long) row * heads + head, Double.NEGATIVE_INFINITY);
    }
  }

  private void attend(int row, KvView<Fp64Tensor> view) {
    KvPage<Fp64Tensor> first = view.pages().get(0);
    int kvHeads = first.keys().spec().size(Axis.KV_HEADS);
    int slots = first.keys().spec().size(Axis.SLOTS);
    if (heads % kvHeads != 0 || first.keys().spec().size(Axis.HEAD_DIM) != dim) {
      throw new IllegalArgumentException(
          "flashDecode: queries %s do not fit a cache page of %s"
              .formatted(queries.spec(), first.keys().spec()));
    }
    int group = heads / kvHeads;
    Region scores = rank.scratch((long) group * slots);
    for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
      Running running = new Running(row, kvHead, group);
      int remaining = view.length();
      for (KvPage<Fp64Tensor> page : view.pages()) {
        int tokens = Math.min(remaining, slots);
        if (tokens == 0) {
          break;
        }
        rank.requireOwn("flashDecode", page.keys(), page.values());
        running.add(page, tokens, scores);
        remaining -= tokens;
      }
      if (remaining > 0) {
        throw new IllegalArgumentException(
            "flashDecode: a view of %d tokens has pages for %d"
                .formatted(view.length(), view.length() - remaining));
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

    Running(int row, int kvHead, int group) {
      this.kvHead = kvHead;
      this.group = group;
      this.firstHead = (long) row * heads + (long) kvHead * group;
      this.maxima = new double[group];
      this.sums = new double[group];
      java.util.Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
      for (int i = 0; i < group * dim; i++) {
        output.region().set(firstHead * dim + i, 0.0);
      }
    }

    void add(KvPage<Fp64Tensor> page, int tokens, Region scores) {
      long pageHead = (long) kvHead * page.keys().spec().size(Axis.SLOTS) * dim;
      Blas.timesTransposed(
          group,
          tokens,
          dim,
          queries.region(),
          firstHead * dim,
          page.keys().region(),
          pageHead,
          scores,
          0);
      for (int head = 0; head < group; head++) {
        exponentiate(head, tokens, scores);
      }
      Blas.addTimes(
          group,
          dim,
          tokens,
          scores,
          0,
          page.values().region(),
          pageHead,
          output.region(),
          firstHead * dim);
    }

    /** Turns a head's scores into weights exp(s − m), and what is summed so far to the new m. */
    private void exponentiate(int head, int tokens, Region scores) {
      long from = (long) head * tokens;
      double maximum = maxima[head];
      for (int j = 0; j < tokens; j++) {
        double score = scale * scores.get(from + j);
        scores.set(from + j, score);
        maximum = Math.max(maximum, score);
      }
      // While all scores are −∞ there is nothing to rescale, and −∞ − (−∞) would be NaN.
      double rescale = maxima[head] == maximum ? 1.0 : Math.exp(maxima[head] - maximum);
      double sum = sums[head] * rescale;
      for (int j = 0; j < tokens; j++) {
        double score = scores.get(from + j);
        double weight = score == Double.NEGATIVE_INFINITY ? 0.0 : Math.exp(score - maximum);
        scores.set(from + j, weight);
        sum += weight;
      }
      if (rescale != 1.0) {
        for (int i = 0; i < dim; i++) {
          long at = (firstHead + head) * dim + i;
          output.region().set(at, output.region().get(at) * rescale);
        }
      }
      maxima[head] = maximum;
      sums[head] = sum;
    }

    void finish() {
      for (int head = 0; head < group; head++) {
        for (int i = 0; i < dim; i++) {
          long at = (firstHead + head) * dim + i;
          double value = output.region().get(at);
          output
              .region()
              .set(at, maxima[head] == Double.NEGATIVE_INFINITY ? 0.0 : value / sums[head]);
        }
        lse.region().set(firstHead + head, maxima[head] + Math.log(sums[head]));
      }
    }
  }
}
