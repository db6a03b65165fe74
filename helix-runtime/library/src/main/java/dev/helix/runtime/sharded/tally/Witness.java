package dev.helix.runtime.sharded.tally;

import java.util.function.Supplier;

/** Sees each number that a {@link Tally} counts. */
@FunctionalInterface
interface Witness {
  /**
   * Sees a number.
   *
   * @param element the number, whose quantity may be left out
   * @param quantity what it is
   */
  void see(Element element, Supplier<String> quantity);
}
