package dev.helix.runtime.dump;

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

  /** A number or text of the dump; empty if it does not state it. */
  public Optional<String> stated(String name) {
    return Optional.ofNullable(stated.get(name));
  }
}
