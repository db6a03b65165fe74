package dev.helix.runtime.verify;

import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.compare.ErrorReport;

/**
 * The comparison of the sharded run with the unsharded baseline at one tap point, for all tokens of
 * all requests.
 *
 * @param place the tap point
 * @param what the quantity in words, and what the baseline was given
 * @param estimated whether the bound is an estimate and not derived: see {@link Verifier}
 * @param report errors, and their shares of the bound
 */
public record Comparison(TapPoint place, String what, boolean estimated, ErrorReport report) {
  /** What is compared at a tap point, in words. */
  static String what(TapPoint place) {
    return place.quantity() == Quantity.ROUTING ? "routing weights" : place.quantity().toString();
  }
}
