package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a timed model is spread over GPUs, as titles and reports write it.
 *
 * @param strategy its name, as {@code --strategy} takes it
 * @param gpus number of GPUs
 * @param widths {@code kvp}, {@code tpa}, {@code tpf} and {@code ep}, and for some strategies
 *     {@code dp}, or {@code pp} and {@code microBatches}
 */
public record Spread(String strategy, @JsonIgnore int gpus, Map<String, Integer> widths) {
  private static final String HELIX = "helix";
  private static final String MEDHA = "medha";

  public Spread {
    widths = Collections.unmodifiableMap(new LinkedHashMap<>(widths));
  }

  /** Fields of their own beside the strategy. */
  @Override
  @JsonAnyGetter
  public Map<String, Integer> widths() {
    return widths;
  }

  /**
   * The widths in words, behind the strategy's name if it is not Helix. For Medha they name the
   * fixed group, of which accounts have different widths.
   */
  public String words() {
    StringBuilder words = new StringBuilder(strategy.equals(HELIX) ? "" : strategy + ", ");
    if (widths.containsKey("dp")) {
      words.append("DP %d x ".formatted(widths.get("dp")));
    }
    if (widths.containsKey("pp")) {
      words.append(
          "PP %d, micro-batches %d, ".formatted(widths.get("pp"), widths.get("microBatches")));
    }
    return words
        .append(
            "KVP %d x TPA %d, %sTPF %d x EP %d"
                .formatted(
                    widths.get("kvp"),
                    widths.get("tpa"),
                    strategy.equals(MEDHA) ? "fixed group " : "",
                    widths.get("tpf"),
                    widths.get("ep")))
        .toString();
  }
}
