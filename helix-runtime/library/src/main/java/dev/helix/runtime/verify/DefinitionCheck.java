package dev.helix.runtime.verify;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.definition.CacheRule;
import dev.helix.runtime.definition.DecoderDefinition;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.definition.CacheFormatDefinition;
import java.util.List;
import java.util.Optional;

/** Compares the logits of the {@code exact} reading with its definition. Every bit must agree. */
public final class DefinitionCheck {
  private DefinitionCheck() {}

  /**
   * Computes all requests once more by the definition, token by token and unsharded.
   *
   * @param checkpoint the checkpoint that the run has decoded
   * @return the first logit that differs, in words; empty if none does
   */
  public static Optional<String> firstDifference(Checkpoint checkpoint, DecodeResult result) {
    return firstDifference(checkpoint, CacheFormat.FP64, result);
  }

  /**
   * Computes all requests once more by the definition, with a cache in another format.
   *
   * @param cache the format of the run's cache
   * @return the first logit that differs, in words; empty if none does
   */
  public static Optional<String> firstDifference(
      Checkpoint checkpoint, CacheFormat cache, DecodeResult result) {
    for (int request = 0; request < result.requests().size(); request++) {
      DecodeResult.Request decoded = result.requests().get(request);
      List<double[]> defined =
          new DecoderDefinition(checkpoint, rule(checkpoint, cache))
              .logits(decoded.prompt(), decoded.newTokens());
      for (int step = 0; step < defined.size(); step++) {
        double[] expected = defined.get(step);
        double[] actual = decoded.logits().get(step);
        for (int token = 0; token < expected.length; token++) {
          if (Double.doubleToRawLongBits(expected[token])
              != Double.doubleToRawLongBits(actual[token])) {
            return Optional.of(
                "request %d, new token %d: the logit of token %d is %s, but the definition gives %s"
                    .formatted(request, step, token, actual[token], expected[token]));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static CacheRule rule(Checkpoint checkpoint, CacheFormat cache) {
    return new CacheRule() {
      @Override
      public double[] key(int layer, int kvHead, double[] numbers) {
        return kept(checkpoint.kvScales(layer).key(kvHead), numbers);
      }

      @Override
      public double[] value(int layer, int kvHead, double[] numbers) {
        return kept(checkpoint.kvScales(layer).value(kvHead), numbers);
      }

      private double[] kept(float scale, double[] numbers) {
        return new CacheFormatDefinition(cache, scale).stored(numbers);
      }
    };
  }
}
