package dev.helix.runtime.checkpoint;

import dev.helix.tensor.io.JsonObject;
import java.util.OptionalInt;

/**
 * The values that fields have if {@code config.json} leaves them out. They are the defaults of the
 * family's configuration class in Hugging Face's transformers (5.x). Sizes of weights have defaults
 * there too, but not here: a file that leaves them out is more likely damaged than meant so.
 *
 * @param kvHeads {@code num_key_value_heads}; empty if the default is the number of query heads
 * @param maxPositions {@code max_position_embeddings}
 * @param rmsNormEpsilon {@code rms_norm_eps}
 * @param ropeTheta {@code rope_theta}
 * @param slidingWindow {@code sliding_window}; empty if a token sees all tokens before it
 */
record FamilyDefaults(
    OptionalInt kvHeads,
    int maxPositions,
    double rmsNormEpsilon,
    double ropeTheta,
    OptionalInt slidingWindow) {
  static final FamilyDefaults LLAMA =
      new FamilyDefaults(OptionalInt.empty(), 2_048, 1e-6, 10_000, OptionalInt.empty());
  static final FamilyDefaults MISTRAL =
      new FamilyDefaults(OptionalInt.of(8), 131_072, 1e-6, 10_000, OptionalInt.of(4_096));
  static final FamilyDefaults MIXTRAL =
      new FamilyDefaults(OptionalInt.of(8), 131_072, 1e-5, 1e6, OptionalInt.empty());
  static final FamilyDefaults DEEPSEEK_V2 =
      new FamilyDefaults(OptionalInt.empty(), 2_048, 1e-6, 10_000, OptionalInt.empty());
  static final FamilyDefaults DEEPSEEK_V3 =
      new FamilyDefaults(OptionalInt.empty(), 4_096, 1e-6, 10_000, OptionalInt.empty());

  /**
   * The number of KV heads. An absent field means the default, and null means the number of query
   * heads.
   */
  int kvHeads(JsonObject json, int queryHeads) {
    return count(json, "num_key_value_heads", kvHeads).orElse(queryHeads);
  }

  /**
   * The sliding window. An absent field means the default, and null means that there is no window.
   */
  OptionalInt slidingWindow(JsonObject json) {
    return count(json, "sliding_window", slidingWindow);
  }

  int maxPositions(JsonObject json) {
    String field = "max_position_embeddings";
    return json.has(field) ? json.positive(field) : maxPositions;
  }

  double rmsNormEpsilon(JsonObject json) {
    String field = "rms_norm_eps";
    double epsilon = json.has(field) ? json.number(field) : rmsNormEpsilon;
    if (!(epsilon > 0)) {
      throw json.unexpected(field, "a positive number");
    }
    return epsilon;
  }

  /**
   * A count that a file may leave out, which means {@code absent}, or set to null, which means
   * none.
   */
  static OptionalInt count(JsonObject json, String field, OptionalInt absent) {
    if (json.has(field)) {
      return OptionalInt.of(json.positive(field));
    }
    return json.names().contains(field) ? OptionalInt.empty() : absent;
  }
}
