package dev.helix.runtime.dump.writing;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Empties;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.ForwardingLatentKernels;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.DType;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.program.Piece;
import java.util.Arrays;
import java.util.List;

/**
 * Rounds what one rank holds inside of attention to the formats of a convention: queries, keys and
 * values to that of answers, partial outputs and weights to theirs. Where the convention lets the
 * output of a part without tokens hold anything, it is NaN, since fresh memory may be.
 */
final class RoundedStates<T extends Tensor> {
  private final RankNumbers<T> numbers;
  private final DumpedWeights weights;
  private final DType partial;
  private final DType answer;
  private final double unwritten;

  RoundedStates(RankNumbers<T> numbers, Convention convention) {
    this.numbers = numbers;
    this.weights = new DumpedWeights(convention);
    this.partial = convention.formats().partial();
    this.answer = convention.formats().answer();
    Empties empties = convention.contract().empties();
    this.unwritten = empties.given() == Empties.Content.ANYTHING ? Double.NaN : 0;
  }

  AttentionKernels<T> over(AttentionKernels<T> beneath) {
    return new ForwardingAttentionKernels<>(beneath) {
      @Override
      public RotatedQkv<T> rotaryQkv(
          T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
        RotatedQkv<T> exact = super.rotaryQkv(qkv, shape, rotary, step);
        return new RotatedQkv<>(
            rounded(answer, exact.queries()),
            rounded(answer, exact.keys()),
            rounded(answer, exact.values()));
      }

      @Override
      public PartialAttention<T> flashDecode(
          Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
        return rounded(super.flashDecode(piece, queries, views, rule, valueDim));
      }

      @Override
      public T mergeByLse(Piece piece, PartialAttention<T> shards) {
        return rounded(answer, super.mergeByLse(piece, shards));
      }
    };
  }

  LatentKernels<T> over(LatentKernels<T> beneath) {
    return new ForwardingLatentKernels<>(beneath) {
      @Override
      public RotatedLatent<T> rotaryLatent(
          ProjectedLatent<T> projected,
          LatentShape shape,
          RotaryEmbedding rotary,
          List<QueryToken> step) {
        RotatedLatent<T> exact = super.rotaryLatent(projected, shape, rotary, step);
        return new RotatedLatent<>(
            rounded(answer, exact.queries()), rounded(answer, exact.entries()));
      }

      @Override
      public PartialAttention<T> flashDecodeLatent(
          Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
        return rounded(super.flashDecodeLatent(piece, queries, views, rule, valueDim));
      }
    };
  }

  private PartialAttention<T> rounded(PartialAttention<T> exact) {
    double[] outputs = numbers.of(exact.output());
    double[] lses = numbers.of(exact.lse());
    int dim = outputs.length / lses.length;
    for (int row = 0; row < lses.length; row++) {
      if (lses[row] == Double.NEGATIVE_INFINITY) {
        Arrays.fill(outputs, row * dim, (row + 1) * dim, unwritten);
      } else {
        lses[row] = weights.carried(lses[row]);
      }
    }
    Arrays.setAll(outputs, i -> partial.round(outputs[i]));
    return new PartialAttention<>(
        numbers.tensor(exact.output().spec(), outputs), numbers.tensor(exact.lse().spec(), lses));
  }

  private T rounded(DType format, T exact) {
    double[] all = numbers.of(exact);
    Arrays.setAll(all, i -> format.round(all[i]));
    return numbers.tensor(exact.spec(), all);
  }
}
