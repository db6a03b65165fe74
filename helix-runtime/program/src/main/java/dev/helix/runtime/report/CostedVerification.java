package dev.helix.runtime.report;

import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.Verification;
import java.util.Optional;

/**
 * The comparison with the unsharded baseline, and the cost of each quantity that was compared.
 *
 * @param verification the comparison
 * @param costs the costs of the whole run
 */
public record CostedVerification(Verification verification, QuantityCosts costs) {
  /**
   * The cost of the quantity of a comparison. It is given once, so not for an estimated comparison.
   */
  Optional<QuantityCosts.Sum> cost(Comparison comparison) {
    return comparison.estimated() ? Optional.empty() : Optional.of(costs.at(comparison.place()));
  }
}
