package dev.helix.laws.decode;

import java.util.function.Supplier;

/** What a law demands of numbers: kept by the trial that it is part of. */
interface Verdict {
  /** Demands a number within a bound of what is expected. */
  void within(String claim, String where, double expected, double got, double bound);

  /** Demands what needs no bound. */
  void require(boolean holds, Supplier<String> what);
}
