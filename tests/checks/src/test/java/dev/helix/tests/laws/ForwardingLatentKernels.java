package dev.helix.tests.laws;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/** Latent kernels that forward all calls, for faults that override one. */
class ForwardingLatentKernels<T extends Tensor> implements LatentKernels<T> {
  final LatentKernels<T> correct;

  ForwardingLatentKernels(LatentKernels<T> correct) {
    this.correct = correct;
  }

  @Override
  public T absorbQueries(T queries, T keyUp) {
    return correct.absorbQueries(queries, keyUp);
  }

  @Override
  public RotatedLatent<T> rotaryLatent(
      T queries,
      T absorbed,
      T entries,
      T latentNorm,
      LatentShape shape,
      double epsilon,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    return correct.rotaryLatent(
        queries, absorbed, entries, latentNorm, shape, epsilon, rotary, step);
  }

  @Override
  public void appendEntries(T entries, List<CacheSlot<T>> slots) {
    correct.appendEntries(entries, slots);
  }

  @Override
  public PartialAttention<T> flashDecodeLatent(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return correct.flashDecodeLatent(piece, queries, views, rule, valueDim);
  }

  @Override
  public T expandValues(T latents, T valueUp) {
    return correct.expandValues(latents, valueUp);
  }
}
