package dev.helix.attention.scalar;

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
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.List;

/**
 * The kernels of latent attention by their formulas, in any arithmetic. Sums start from zero and
 * run in the order of the index.
 *
 * @param <S> a number
 */
public final class ScalarLatentKernels<S> implements LatentKernels<ScalarTensor<S>> {
  private final ScalarRank<S> rank;
  private final Arithmetic<S> arithmetic;

  public ScalarLatentKernels(ScalarRank<S> rank) {
    this.rank = rank;
    this.arithmetic = rank.arithmetic();
  }

  /**
   * {@inheritDoc} It takes nope·latent multiplications and as many additions for each row and head.
   */
  @Override
  public ScalarTensor<S> absorbQueries(ScalarTensor<S> queries, ScalarTensor<S> keyUp) {
    rank.launch("absorbQueries", queries, keyUp);
    Spec result = ProjectedLatent.absorbed(rank, queries.spec(), keyUp.spec());
    int heads = keyUp.spec().size(Axis.HEADS);
    int nope = keyUp.spec().size(Axis.HEAD_DIM);
    int latent = keyUp.spec().size(Axis.LATENT);
    int width = queries.spec().size(Axis.HEADS_BY_DIM);
    ScalarTensor<S> absorbed = rank.allocate(result);
    for (int rowHead = 0; rowHead < queries.spec().size(Axis.BATCH) * heads; rowHead++) {
      int query = rowHead * (width / heads);
      int weight = rowHead % heads * nope * latent;
      for (int c = 0; c < latent; c++) {
        S sum = arithmetic.zero();
        for (int i = 0; i < nope; i++) {
          sum =
              arithmetic.addProduct(
                  sum, queries.get(query + i), keyUp.get(weight + i * latent + c));
        }
        absorbed.set(rowHead * latent + c, sum);
      }
    }
    return absorbed;
  }

  /**
   * {@inheritDoc} It takes for each row a norm, as {@code rmsNorm} counts it, and for each pair of
   * each head and of the key four multiplications and two additions.
   */
  @Override
  public RotatedLatent<ScalarTensor<S>> rotaryLatent(
      ProjectedLatent<ScalarTensor<S>> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    ScalarTensor<S> queries = projected.queries();
    ScalarTensor<S> entries = projected.entries();
    rank.launch("rotaryLatent", queries, projected.absorbed(), entries, projected.norm());
    projected.requireFit(rank, shape, rotary, step.size());
    int rows = step.size();
    int heads = shape.heads();
    int latent = shape.latent();
    int width = shape.entryDim();
    ScalarTensor<S> turned = rank.allocate(projected.rotatedQueries(shape));
    ScalarTensor<S> kept = rank.allocate(projected.rotatedEntries(shape));
    for (int row = 0; row < rows; row++) {
      int position = step.get(row).position();
      Turn<S> turn = new Turn<>(arithmetic, rotary, shape.pairing(), position);
      normalise(entries, row * width, projected.norm(), projected.epsilon(), kept);
      turn.apply(entries, row * width + latent, kept, row * width + latent);
      for (int rowHead = row * heads; rowHead < (row + 1) * heads; rowHead++) {
        for (int i = 0; i < latent; i++) {
          turned.set(rowHead * width + i, projected.absorbed().get(rowHead * latent + i));
        }
        int query = rowHead * shape.queryDim() + shape.nopeDim();
        turn.apply(queries, query, turned, rowHead * width + latent);
      }
    }
    return new RotatedLatent<>(turned, kept);
  }

  @Override
  public void appendEntries(ScalarTensor<S> entries, List<CacheSlot<ScalarTensor<S>>> slots) {
    rank.launch("appendEntries", entries);
    entries.spec().require("appendEntries", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<ScalarTensor<S>> slot : slots) {
      ScalarAttentionKernels.write(rank, "appendEntries", TokenStore.Part.ENTRY, entries, slot);
    }
  }

  @Override
  public PartialAttention<ScalarTensor<S>> flashDecodeLatent(
      Piece piece,
      ScalarTensor<S> queries,
      List<KvView<ScalarTensor<S>>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecodeLatent", queries);
    Spec spec = queries.spec().require("flashDecodeLatent", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecodeLatent", "views", spec.size(Axis.BATCH), views.size());
    if (valueDim < 1 || valueDim > spec.size(Axis.HEAD_DIM)) {
      throw rank.error(
          "flashDecodeLatent", "%d components of %s as a value".formatted(valueDim, spec));
    }
    return new TextbookSoftmax<>(rank, "flashDecodeLatent", queries, rule, valueDim).over(views);
  }

  /**
   * {@inheritDoc} It takes v·latent multiplications and as many additions for each row and head.
   */
  @Override
  public ScalarTensor<S> expandValues(ScalarTensor<S> latents, ScalarTensor<S> valueUp) {
    rank.launch("expandValues", latents, valueUp);
    latents.spec().require("expandValues", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    valueUp.spec().require("expandValues weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int heads = latents.spec().size(Axis.HEADS);
    int latent = latents.spec().size(Axis.HEAD_DIM);
    int value = valueUp.spec().size(Axis.HEAD_DIM);
    rank.requireEqual("expandValues", "heads", heads, valueUp.spec().size(Axis.HEADS));
    rank.requireEqual("expandValues", "latent", latent, valueUp.spec().size(Axis.LATENT));
    ScalarTensor<S> values = rank.allocate(latents.spec().resized(Axis.HEAD_DIM, value));
    for (int rowHead = 0; rowHead < latents.spec().size(Axis.BATCH) * heads; rowHead++) {
      for (int i = 0; i < value; i++) {
        int weight = (rowHead % heads * value + i) * latent;
        S sum = arithmetic.zero();
        for (int c = 0; c < latent; c++) {
          sum =
              arithmetic.addProduct(
                  sum, latents.get(rowHead * latent + c), valueUp.get(weight + c));
        }
        values.set(rowHead * value + i, sum);
      }
    }
    return values;
  }

  private void normalise(
      ScalarTensor<S> x, int at, ScalarTensor<S> weight, double epsilon, ScalarTensor<S> y) {
    int count = weight.spec().size(Axis.LATENT);
    S squares = arithmetic.zero();
    for (int i = 0; i < count; i++) {
      squares = arithmetic.addProduct(squares, x.get(at + i), x.get(at + i));
    }
    S mean = arithmetic.divide(squares, arithmetic.of(count));
    S rms = arithmetic.squareRoot(arithmetic.add(mean, arithmetic.of(epsilon)));
    for (int i = 0; i < count; i++) {
      S unit = arithmetic.divide(x.get(at + i), rms);
      y.set(at + i, arithmetic.multiply(unit, weight.get(i)));
    }
  }
}
