package dev.helix.runtime.verify;

import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.UnshardedDecoder;
import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.record.CacheRecord;
import dev.helix.tensor.formats.CacheFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The effect that the number formats of a run have on a model, compared with the same model with
 * its weights as they are stored and a cache in FP64. It is no error of the run, but the cost of
 * the formats.
 *
 * @param formats the formats in words
 * @param largestDifference the largest difference of a logit from that of the same model without
 *     these formats, after the same tokens
 * @param tokens how many tokens were chosen
 * @param otherTokens how many of them the model without these formats would not have chosen
 * @param saturated how many numbers were beyond the largest that the cache can store; empty if the
 *     cache is not quantised
 */
public record FormatEffect(
    String formats, double largestDifference, int tokens, int otherTokens, OptionalLong saturated) {
  /** The effect in a run; empty if neither its cache nor its weights are rounded. */
  public static Optional<FormatEffect> of(DecodePlan plan, DecodeResult result) {
    boolean rounded = plan.checkpoint().weightFormat() != WeightFormat.AS_STORED;
    return rounded || plan.cache().quantizes()
        ? Optional.of(measured(plan, result))
        : Optional.empty();
  }

  private static FormatEffect measured(DecodePlan plan, DecodeResult result) {
    BaselineWeights weights = Verifier.weights(plan.checkpoint().asStored());
    double largest = 0;
    int tokens = 0;
    int others = 0;
    for (DecodeResult.Request request : result.requests()) {
      UnshardedDecoder decoder = new UnshardedDecoder(weights);
      List<Integer> sequence = request.cached();
      int firstSampled = request.prompt().size() - 1;
      for (int position = 0; position < sequence.size(); position++) {
        double[] unquantized = decoder.next(sequence.get(position));
        if (position >= firstSampled) {
          double[] quantized = request.logits().get(position - firstSampled);
          for (int i = 0; i < quantized.length; i++) {
            largest = Math.max(largest, Math.abs(quantized[i] - unquantized[i]));
          }
          tokens++;
          int chosen = UnshardedDecoder.mostLikely(unquantized);
          others += chosen == UnshardedDecoder.mostLikely(quantized) ? 0 : 1;
        }
      }
    }
    Optional<CacheRecord> record = result.record().cache();
    return new FormatEffect(
        formats(plan.cache(), plan.checkpoint().weightFormat()),
        largest,
        tokens,
        others,
        record.map(CacheRecord::saturated).map(OptionalLong::of).orElse(OptionalLong.empty()));
  }

  /** What is rounded, in words. */
  private static String formats(CacheFormat cache, WeightFormat weights) {
    String kv = "KV cache in " + cache;
    if (weights == WeightFormat.AS_STORED) {
      return kv;
    }
    return "weights in " + weights + (cache.quantizes() ? " and " + kv : "");
  }
}
