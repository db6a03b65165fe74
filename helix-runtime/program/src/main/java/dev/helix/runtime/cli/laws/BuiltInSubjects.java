package dev.helix.runtime.cli.laws;

import dev.helix.laws.UnderTest;
import dev.helix.laws.museum.Museum;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.laws.readings.BuiltInCaches;
import dev.helix.laws.readings.BuiltInHeads;
import dev.helix.laws.readings.BuiltInMerges;
import dev.helix.laws.readings.BuiltInPlacements;
import dev.helix.laws.readings.BuiltInRouters;
import dev.helix.tensor.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * This project's own merges, kernels, placements, caches, routers, heads, decodes and strategies,
 * by name.
 */
final class BuiltInSubjects {
  private BuiltInSubjects() {}

  /** Creates one of each. */
  static Map<String, UnderTest> all() {
    Map<String, UnderTest> all = new LinkedHashMap<>();
    all.putAll(BuiltInMerges.all());
    all.putAll(BuiltInAttention.all());
    all.putAll(BuiltInPlacements.all());
    all.putAll(BuiltInCaches.all());
    all.putAll(BuiltInRouters.all());
    all.putAll(BuiltInHeads.all());
    all.putAll(Museum.originals());
    return all;
  }

  /**
   * Creates the implementation with a given name.
   *
   * @param option the option that gives the name
   * @throws InvalidInputException if there is none
   */
  static UnderTest named(String option, String name) {
    Map<String, UnderTest> all = all();
    if (!all.containsKey(name)) {
      throw new InvalidInputException(
          "%s: expected one of %s, got '%s'"
              .formatted(option, String.join(", ", all.keySet()), name));
    }
    return all.get(name);
  }
}
