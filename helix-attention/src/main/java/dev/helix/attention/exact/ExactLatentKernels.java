package dev.helix.attention.exact;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.FixedOrder;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * The kernels of latent attention of the {@code exact} reading, whose results do not depend on the
 * layout in any bit. One rank computes the whole absorption of a query and the whole expansion of a
 * head's latents, so these are dot products in fixed order. Attention over latents is a pair of
 * exact sums, as in {@link ExactAttentionKernels}, which also merges them.
 */
public final class ExactLatentKernels implements LatentKernels<ExactTensor> {
  private final ExactRank rank;

  public ExactLatentKernels(ExactRank rank) {
    this.rank = rank;
  }

  /** {@inheritDoc} Each component is a dot product over nope in fixed order. */
  @Override
  public ExactTensor absorbQueries(ExactTensor queries, ExactTensor keyUp) {
    rank.launch("absorbQueries", queries, keyUp);
    Spec result = ProjectedLatent.absorbed(rank, queries.spec(), keyUp.spec());
    int heads = keyUp.spec().size(Axis.HEADS);
    int nope = keyUp.spec().size(Axis.HEAD_DIM);
    int latent = keyUp.spec().size(Axis.LATENT);
    int width = queries.spec().size(Axis.HEADS_BY_DIM);
    double[] from = queries.values("absorbQueries");
    double[] weight = keyUp.values("absorbQueries");
    int rowHeads = queries.spec().size(Axis.BATCH) * heads;
    double[] absorbed = new double[rowHeads * latent];
    for (int rowHead = 0; rowHead < rowHeads; rowHead++) {
      int query = rowHead * (width / heads);
      int matrix = rowHead % heads * nope * latent;
      FixedOrder.combineRows(from, query, nope, weight, matrix, absorbed, rowHead * latent, latent);
    }
    return rank.computed("absorbQueries", result, absorbed);
  }

  @Override
  public RotatedLatent<ExactTensor> rotaryLatent(
      ProjectedLatent<ExactTensor> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    ExactTensor entries = projected.entries();
    rank.launch(
        "rotaryLatent", projected.queries(), projected.absorbed(), entries, projected.norm());
    projected.requireFit(rank, shape, rotary, step.size());
    int rows = step.size();
    int heads = shape.heads();
    int latent = shape.latent();
    int width = shape.entryDim();
    double[] query = projected.queries().values("rotaryLatent");
    double[] absorbed = projected.absorbed().values("rotaryLatent");
    double[] plain = entries.values("rotaryLatent");
    double[] norm = projected.norm().values("rotaryLatent");
    double epsilon = projected.epsilon();
    double[] turned = new double[rows * heads * width];
    double[] kept = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      Turn turn = new Turn(rotary, shape.pairing(), step.get(row).position());
      int entry = row * width;
      FixedOrder.rmsNorm("rotaryLatent", plain, entry, norm, epsilon, kept, entry);
      turn.apply(plain, entry + latent, kept, entry + latent);
      for (int rowHead = row * heads; rowHead < (row + 1) * heads; rowHead++) {
        System.arraycopy(absorbed, rowHead * latent, turned, rowHead * width, latent);
        int rope = rowHead * shape.queryDim() + shape.nopeDim();
        turn.apply(query, rope, turned, rowHead * width + latent);
      }
    }
    return new RotatedLatent<>(
        rank.computed("rotaryLatent", projected.rotatedQueries(shape), turned),
        rank.computed("rotaryLatent", projected.rotatedEntries(shape), kept));
  }

  @Override
  public void appendEntries(ExactTensor entries, List<CacheSlot<ExactTensor>> slots) {
    rank.launch("appendEntries", entries);
    entries.spec().require("appendEntries", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<ExactTensor> slot : slots) {
      ExactAttentionKernels.write(rank, "appendEntries", TokenStore.Part.ENTRY, entries, slot);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @return the state before any division: output holds the exact Σ pⱼ·cⱼ, and lse the exact Σ pⱼ;
   *     without tokens both are 0
   * @throws dev.helix.tensor.exact.ExactRangeException if a score or a latent is not finite, or a
   *     score is beyond ±2¹⁹
   */
  @Override
  public PartialAttention<ExactTensor> flashDecodeLatent(
      Piece piece,
      ExactTensor queries,
      List<KvView<ExactTensor>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecodeLatent", queries);
    Spec spec = queries.spec().require("flashDecodeLatent", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecodeLatent", "views", spec.size(Axis.BATCH), views.size());
    if (valueDim < 1 || valueDim > spec.size(Axis.HEAD_DIM)) {
      throw rank.error(
          "flashDecodeLatent", "%d components of %s as a value".formatted(valueDim, spec));
    }
    return new ExactFlashDecode(rank, "flashDecodeLatent", queries, rule, valueDim).over(views);
  }

  /** {@inheritDoc} Each component is a dot product over the latent in fixed order. */
  @Override
  public ExactTensor expandValues(ExactTensor latents, ExactTensor valueUp) {
    rank.launch("expandValues", latents, valueUp);
    latents.spec().require("expandValues", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    valueUp.spec().require("expandValues weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int heads = latents.spec().size(Axis.HEADS);
    int latent = latents.spec().size(Axis.HEAD_DIM);
    int value = valueUp.spec().size(Axis.HEAD_DIM);
    rank.requireEqual("expandValues", "heads", heads, valueUp.spec().size(Axis.HEADS));
    rank.requireEqual("expandValues", "latent", latent, valueUp.spec().size(Axis.LATENT));
    double[] from = latents.values("expandValues");
    double[] weight = valueUp.values("expandValues");
    int rowHeads = latents.spec().size(Axis.BATCH) * heads;
    double[] values = new double[rowHeads * value];
    for (int rowHead = 0; rowHead < rowHeads; rowHead++) {
      int matrix = rowHead % heads * value * latent;
      FixedOrder.dots(
          from, rowHead * latent, latent, weight, matrix, value, values, rowHead * value);
    }
    Spec result = latents.spec().resized(Axis.HEAD_DIM, value);
    return rank.computed("expandValues", result, values);
  }
}
