package dev.helix.runtime.verify;

import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.UnshardedDecoder;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.record.CacheRecord;
import dev.helix.tensor.formats.CacheFormat;
import java.util.List;
import java.util.Optional;

/**
 * The effect of a quantised KV cache on a model, compared with the same model with a cache in FP64.
 * It is no error of the run, but the cost of the format.
 *
 * @param format the format of the cache
 * @param largestDifference the largest difference of a logit from that of the same model with a
 *     cache in FP64, after the same tokens
 * @param tokens how many tokens were chosen
 * @param otherTokens how many of them the model with a cache in FP64 would not have chosen
 * @param saturated how many numbers were beyond the largest that the cache can store
 */
public record CacheEffect(
    CacheFormat format, double largestDifference, int tokens, int otherTokens, long saturated) {
  /** The effect in a run; empty if its cache is not quantised. */
  public static Optional<CacheEffect> of(DecodePlan plan, DecodeResult result) {
    return result.record().cache().map(record -> of(plan, result, record));
  }

  private static CacheEffect of(DecodePlan plan, DecodeResult result, CacheRecord record) {
    BaselineWeights weights = Verifier.weights(plan.checkpoint());
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
    return new CacheEffect(plan.cache(), largest, tokens, others, record.saturated());
  }
}
