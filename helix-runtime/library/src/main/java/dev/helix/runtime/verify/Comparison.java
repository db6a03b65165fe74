package dev.helix.runtime.verify;

import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.compare.ErrorReport;

/**
 * What the sharded run computed at one place, for all tokens of all requests, against the unsharded
 * baseline.
 *
 * @param place where in the program
 * @param what the quantity in words, and what the baseline was given
 * @param estimated whether the bound is an estimate and not derived: see {@link Verifier}
 * @param report errors and the share of the derived bound
 */
public record Comparison(TapPoint place, String what, boolean estimated, ErrorReport report) {
  /** What is compared at a place, in words. */
  static String what(TapPoint place) {
    return place.quantity() == Quantity.ROUTING ? "routing weights" : place.quantity().toString();
  }
}
