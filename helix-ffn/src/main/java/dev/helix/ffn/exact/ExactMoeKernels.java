package dev.helix.ffn.exact;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.MoeKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactProjections;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels of a mixture of experts in the {@code exact} reading, whose results do not depend on
 * the layout in any bit. A column of an expert is whole on one rank, so it is a dot product in
 * fixed order. The sum over columns and experts is one exact sum for each token. It stays exact
 * through the all-reduce in a group and the all-gather between groups, and {@link #sumByToken}
 * rounds it once.
 */
public final class ExactMoeKernels implements MoeKernels<ExactTensor> {
  private final ExactRank rank;
  private final ExactProjections projections;

  /**
   * Creates the kernels of one rank.
   *
   * @param constants the weights of the run, which its ranks share
   */
  public ExactMoeKernels(ExactRank rank, ExactConstants constants) {
    this.rank = rank;
    this.projections = new ExactProjections(constants);
  }

  /** {@inheritDoc} Each element is a dot product in fixed order. */
  @Override
  public ExactTensor groupedLinear(ExactTensor x, List<ExactTensor> weights, Dispatch dispatch) {
    rank.launch("groupedLinear", x);
    rank.requireOwn("groupedLinear", weights.toArray(ExactTensor[]::new));
    x.spec().require("groupedLinear", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("groupedLinear", "assignments", dispatch.size(), x.spec().size(Axis.BATCH));
    rank.requireEqual("groupedLinear", "experts", dispatch.counts().size(), weights.size());
    Spec first = weights.get(0).spec().require("expert weight", Axis.GATE_UP, Axis.HIDDEN);
    int inner = x.spec().size(Axis.HIDDEN);
    int out = first.size(Axis.GATE_UP);
    double[] from = x.values("groupedLinear");
    double[] products = new double[dispatch.size() * out];
    int row = 0;
    for (int expert = 0; expert < weights.size(); expert++) {
      ExactTensor weight = weights.get(expert);
      rank.requireEqual("groupedLinear", "hidden", inner, weight.spec().size(Axis.HIDDEN));
      rank.requireEqual("groupedLinear", "gateUp", out, weight.spec().size(Axis.GATE_UP));
      for (int end = row + dispatch.counts().get(expert); row < end; row++) {
        projections.inFixedOrder(from, row * inner, weight, products, row * out);
      }
    }
    Spec result = Spec.of(x.spec().dtype(), Axis.BATCH, dispatch.size(), Axis.GATE_UP, out);
    return rank.computed("groupedLinear", result, products);
  }

  /** {@inheritDoc} Each element is rounded by itself, as weight · (silu(gate) · up). */
  @Override
  public ExactTensor weightedSwiGlu(ExactTensor gateUp, Dispatch dispatch) {
    rank.launch("weightedSwiGlu", gateUp);
    Spec spec = gateUp.spec().require("weightedSwiGlu", Axis.BATCH, Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    int both = spec.size(Axis.GATE_UP);
    rank.requireEqual("weightedSwiGlu", "remainder of gateUp divided by 2", 0, both % 2);
    int width = both / 2;
    double[] from = gateUp.values("weightedSwiGlu");
    double[] activated = new double[dispatch.size() * width];
    for (int row = 0; row < dispatch.size(); row++) {
      double weight = dispatch.weights().get(row);
      for (int i = 0; i < width; i++) {
        double gate = from[row * both + i];
        double up = from[row * both + width + i];
        activated[row * width + i] = weight * (ExactFfnKernels.silu(gate) * up);
      }
    }
    Spec result = Spec.of(spec.dtype(), Axis.BATCH, dispatch.size(), Axis.INTERMEDIATE, width);
    return rank.computed("weightedSwiGlu", result, activated);
  }

  /** {@inheritDoc} The results are exact sums of exact products, which are not rounded here. */
  @Override
  public ExactTensor combineExperts(
      ExactTensor activated, List<ExactTensor> downs, Dispatch dispatch, int tokens) {
    rank.launch("combineExperts", activated);
    rank.requireOwn("combineExperts", downs.toArray(ExactTensor[]::new));
    Spec spec = activated.spec().require("combineExperts", Axis.BATCH, Axis.INTERMEDIATE);
    rank.requireEqual("combineExperts", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    rank.requireEqual("combineExperts", "experts", dispatch.counts().size(), downs.size());
    Spec first = downs.get(0).spec().require("expert weight", Axis.HIDDEN, Axis.INTERMEDIATE);
    int inner = spec.size(Axis.INTERMEDIATE);
    int hidden = first.size(Axis.HIDDEN);
    double[] from = activated.values("combineExperts");
    List<ExactSums> sums = new ArrayList<>(tokens);
    for (int token = 0; token < tokens; token++) {
      sums.add(new ExactSums(hidden));
    }
    int row = 0;
    for (int expert = 0; expert < downs.size(); expert++) {
      ExactTensor down = downs.get(expert);
      rank.requireEqual("combineExperts", "hidden", hidden, down.spec().size(Axis.HIDDEN));
      rank.requireEqual("combineExperts", "columns", inner, down.spec().size(Axis.INTERMEDIATE));
      for (int end = row + dispatch.counts().get(expert); row < end; row++) {
        projections.addTo(sums.get(dispatch.rows().get(row)), from, row * inner, down);
      }
    }
    Spec result = Spec.of(spec.dtype(), Axis.BATCH, tokens, Axis.HIDDEN, hidden);
    return rank.unfinished(result, sums);
  }

  /** {@inheritDoc} The sums are exact, and each is rounded once: here, and never before. */
  @Override
  public ExactTensor sumByToken(ExactTensor terms, List<Integer> tokenOfRow, int tokens) {
    List<ExactSums> totals = totals("sumByToken", terms, tokenOfRow, tokens);
    return rank.rounded("sumByToken", terms.spec().resized(Axis.BATCH, tokens), totals);
  }

  /** {@inheritDoc} The sums are exact, and are not rounded here. */
  @Override
  public ExactTensor partialSumByToken(ExactTensor terms, List<Integer> tokenOfRow, int tokens) {
    List<ExactSums> totals = totals("partialSumByToken", terms, tokenOfRow, tokens);
    return rank.unfinished(terms.spec().resized(Axis.BATCH, tokens), totals);
  }

  private List<ExactSums> totals(
      String operation, ExactTensor terms, List<Integer> tokenOfRow, int tokens) {
    rank.launch(operation, terms);
    Spec spec = terms.spec().require(operation, Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual(operation, "rows", tokenOfRow.size(), spec.size(Axis.BATCH));
    List<ExactSums> totals = new ArrayList<>(tokens);
    for (int token = 0; token < tokens; token++) {
      totals.add(new ExactSums(spec.size(Axis.HIDDEN)));
    }
    List<ExactSums> parts = terms.sums(operation);
    for (int row = 0; row < parts.size(); row++) {
      totals.get(tokenOfRow.get(row)).add(parts.get(row));
    }
    return totals;
  }
}
