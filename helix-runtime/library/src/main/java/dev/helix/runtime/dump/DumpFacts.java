package dev.helix.runtime.dump;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a dump states beside its tensors.
 *
 * @param dialect who wrote the dump, for messages: {@code "FlashInfer's API log"}
 * @param softmaxScale the factor of the scores, if the dump states it
 * @param stated all other numbers and texts, by name
 */
public record DumpFacts(String dialect, OptionalDouble softmaxScale, Map<String, String> stated) {
  public DumpFacts {
    stated = Map.copyOf(stated);
  }

  private static final List<String> SCALES = List.of("sm_scale", "softmax_scale", "scale");

  /** The facts of texts, among which the softmax scale is found by its usual names. */
  public static DumpFacts of(String dialect, Map<String, String> stated) {
    OptionalDouble scale = OptionalDouble.empty();
    for (String name : SCALES) {
      if (scale.isEmpty() && stated.containsKey(name)) {
        scale = positive(stated.get(name));
      }
    }
    return new DumpFacts(dialect, scale, stated);
  }

  private static OptionalDouble positive(String text) {
    try {
      double number = Double.parseDouble(text);
      boolean scale = number > 0 && Double.isFinite(number);
      return scale ? OptionalDouble.of(number) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** A number or text of the dump; empty if it does not state it. */
  public Optional<String> stated(String name) {
    return Optional.ofNullable(stated.get(name));
  }
}
