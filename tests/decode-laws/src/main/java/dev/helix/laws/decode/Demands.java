package dev.helix.laws.decode;

import java.util.function.Supplier;

/** The demands that a law makes of numbers. The trial to which they belong counts them. */
interface Demands {
  /** Demands a number within a bound of what is expected. */
  void within(String claim, Supplier<String> where, double expected, double got, double bound);

  /** Demands a condition that needs no bound. */
  void require(boolean holds, Supplier<String> what);

  /**
   * Demands exact numbers. Numbers that are wrong are noted, as they tell faults apart.
   *
   * @param same whether they are as they should be
   */
  void same(boolean same, double[] expected, double[] got, Supplier<String> what);

  /** Demands that an answer is as long as it should be, before it is read. */
  default void requireSize(String what, int expected, int got) {
    require(
        got == expected, () -> "%s: expected %d of them, got %d".formatted(what, expected, got));
  }
}
