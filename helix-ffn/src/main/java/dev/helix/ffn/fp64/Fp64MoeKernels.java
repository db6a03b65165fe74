package dev.helix.ffn.fp64;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Blas;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.List;

/** The kernels of a mixture of experts in the {@code fp64} reading, in double precision on ND4J. */
public final class Fp64MoeKernels implements MoeKernels<Fp64Tensor> {
  private final Fp64Rank rank;

  public Fp64MoeKernels(Fp64Rank rank) {
    this.rank = rank;
  }

  @Override
  public Fp64Tensor groupedLinear(Fp64Tensor x, List<Fp64Tensor> weights, Dispatch dispatch) {
    rank.launch("groupedLinear", x);
    rank.requireOwn("groupedLinear", weights.toArray(Fp64Tensor[]::new));
    x.spec().require("groupedLinear", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("groupedLinear", "assignments", dispatch.size(), x.spec().size(Axis.BATCH));
    rank.requireEqual("groupedLinear", "experts", dispatch.counts().size(), weights.size());
    Spec first = weights.get(0).spec().require("expert weight", Axis.GATE_UP, Axis.HIDDEN);
    int out = first.size(Axis.GATE_UP);
    int inner = x.spec().size(Axis.HIDDEN);
    Fp64Tensor result =
        rank.allocate(Spec.of(x.spec().dtype(), Axis.BATCH, dispatch.size(), Axis.GATE_UP, out));
    int row = 0;
    for (int expert = 0; expert < weights.size(); expert++) {
      int rows = dispatch.counts().get(expert);
      Fp64Tensor weight = weights.get(expert);
      rank.requireEqual("groupedLinear", "hidden", inner, weight.spec().size(Axis.HIDDEN));
      rank.requireEqual("groupedLinear", "gateUp", out, weight.spec().size(Axis.GATE_UP));
      Blas.timesTransposed(
          rows,
          out,
          inner,
          x.region(),
          (long) row * inner,
          weight.region(),
          0,
          result.region(),
          (long) row * out);
      row += rows;
    }
    return result;
  }

  @Override
  public Fp64Tensor weightedSwiGlu(Fp64Tensor gateUp, Dispatch dispatch) {
    rank.launch("weightedSwiGlu", gateUp);
    Spec spec = gateUp.spec().require("weightedSwiGlu", Axis.BATCH, Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    int both = spec.size(Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "remainder of gateUp divided by 2", 0, both % 2);
    int width = both / 2;
    Fp64Tensor activated =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, dispatch.size(), Axis.INTERMEDIATE, width));
    for (int row = 0; row < dispatch.size(); row++) {
      double weight = dispatch.weights().get(row);
      for (int i = 0; i < width; i++) {
        double gate = gateUp.region().get((long) row * both + i);
        double up = gateUp.region().get((long) row * both + width + i);
        activated
            .region()
            .set((long) row * width + i, weight * (gate / (1 + Math.exp(-gate)) * up));
      }
    }
    return activated;
  }

  @Override
  public Fp64Tensor combineExperts(
      Fp64Tensor activated, List<Fp64Tensor> downs, Dispatch dispatch, int tokens) {
    rank.launch("combineExperts", activated);
    rank.requireOwn("combineExperts", downs.toArray(Fp64Tensor[]::new));
    Spec spec = activated.spec().require("combineExperts", Axis.BATCH, Axis.INTERMEDIATE);
    rank.requireEqual("combineExperts", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    rank.requireEqual("combineExperts", "experts", dispatch.counts().size(), downs.size());
    int inner = spec.size(Axis.INTERMEDIATE);
    int hidden =
        downs
            .get(0)
            .spec()
            .require("expert weight", Axis.HIDDEN, Axis.INTERMEDIATE)
            .size(Axis.HIDDEN);
    Fp64Tensor combined =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, tokens, Axis.HIDDEN, hidden));
    for (long i = 0; i < combined.region().length(); i++) {
      combined.region().set(i, 0.0);
    }
    Region products = rank.scratch((long) dispatch.size() * hidden);
    int row = 0;
    for (int expert = 0; expert < downs.size(); expert++) {
      int rows = dispatch.counts().get(expert);
      Fp64Tensor down = downs.get(expert);
      rank.requireEqual("combineExperts", "hidden", hidden, down.spec().size(Axis.HIDDEN));
      rank.requireEqual("combineExperts", "columns", inner, down.spec().size(Axis.INTERMEDIATE));
      Blas.timesTransposed(
          rows,
          hidden,
          inner,
          activated.region(),
          (long) row * inner,
          down.region(),
          0,
          products,
          (long) row * hidden);
      row += rows;
    }
    for (int assignment = 0; assignment < dispatch.size(); assignment++) {
      long token = (long) dispatch.rows().get(assignment) * hidden;
      for (int i = 0; i < hidden; i++) {
        double sum =
            combined.region().get(token + i) + products.get((long) assignment * hidden + i);
        combined.region().set(token + i, sum);
      }
    }
    return combined;
  }

  @Override
  public Fp64Tensor sumByToken(Fp64Tensor terms, List<Integer> tokenOfRow, int tokens) {
    rank.launch("sumByToken", terms);
    Spec spec = terms.spec().require("sumByToken", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("sumByToken", "rows", tokenOfRow.size(), spec.size(Axis.BATCH));
    int hidden = spec.size(Axis.HIDDEN);
    Fp64Tensor sum = rank.allocate(spec.resized(Axis.BATCH, tokens));
    for (long i = 0; i < sum.region().length(); i++) {
      sum.region().set(i, 0.0);
    }
    for (int row = 0; row < tokenOfRow.size(); row++) {
      long to = (long) tokenOfRow.get(row) * hidden;
      for (int i = 0; i < hidden; i++) {
        double term = terms.region().get((long) row * hidden + i);
        sum.region().set(to + i, sum.region().get(to + i) + term);
      }
    }
    return sum;
  }
}
