package dev.helix.runtime.sweep;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Steps so large that their FLOPs, elements or bytes are more than can be counted: some count is
 * beyond 2⁶³, or the size of an axis beyond 2³¹.
 */
public final class CountOverflow {
  private CountOverflow() {}

  /** Whether a count overflowed, perhaps in another thread, whose exception is the cause. */
  public static boolean is(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof ArithmeticException
          && e.getMessage() != null
          && e.getMessage().endsWith(" overflow")) {
        return true;
      }
    }
    return false;
  }

  /** What is computed from the counts of steps; empty if a count overflows. */
  static <T> Optional<T> orEmpty(Supplier<T> steps) {
    try {
      return Optional.of(steps.get());
    } catch (ArithmeticException e) {
      if (!is(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
