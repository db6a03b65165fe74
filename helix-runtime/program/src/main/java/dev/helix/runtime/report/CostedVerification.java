package dev.helix.runtime.report;

import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.Verification;
import java.util.Optional;

/**
 * The comparison with the unsharded baseline, and what led to each quantity that was compared.
 *
 * @param costs of the whole run
 */
public record CostedVerification(Verification verification, QuantityCosts costs) {
  /** What led to a quantity: said once, so not of what is estimated. */
  Optional<QuantityCosts.Sum> cost(Comparison comparison) {
    return comparison.estimated() ? Optional.empty() : Optional.of(costs.at(comparison.place()));
  }
}
