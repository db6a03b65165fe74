package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.LaunchFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which set of constants describes which launch of the vocabulary. */
final class Families {
  private static final Map<String, LaunchFamily> OF_LAUNCH = new HashMap<>();

  static {
    put(LaunchFamily.GEMM, "linear", "partialLinear", "absorbQueries", "expandValues");
    put(LaunchFamily.EXPERTS, "groupedLinear", "combineExperts");
    put(LaunchFamily.GQA_ATTENTION, "flashDecode");
    put(LaunchFamily.MLA_ATTENTION, "flashDecodeLatent");
    put(
        LaunchFamily.ELEMENTWISE,
        "embed",
        "rmsNorm",
        "add",
        "selectRows",
        "rotaryQkv",
        "appendKv",
        "mergeByLse",
        "rotaryLatent",
        "appendEntries",
        "swiGlu",
        "weightedSwiGlu",
        "sumShards");
  }

  private Families() {}

  private static void put(LaunchFamily family, String... launches) {
    List.of(launches).forEach(launch -> OF_LAUNCH.put(launch, family));
  }

  /**
   * The family of a launch.
   *
   * @throws IllegalArgumentException if the vocabulary has got a launch that nobody gave a cost
   */
  static LaunchFamily of(String launch) {
    LaunchFamily family = OF_LAUNCH.get(launch);
    if (family == null) {
      throw new IllegalArgumentException(
          "launch '%s' has no cost: expected one of %s"
              .formatted(launch, OF_LAUNCH.keySet().stream().sorted().toList()));
    }
    return family;
  }
}
