package dev.helix.runtime.record;

/** Says which of its computed numbers a run keeps. Steps and tokens are always kept. */
public enum Recording {
  /** Keeps steps and tokens only. */
  STEPS,
  /**
   * Keeps the numbers and the routing at every tap point, too. Ranks compare their copies of these
   * numbers.
   */
  TAPS,
  /** Keeps what {@link #TAPS} keeps, and what each rank held inside of attention. */
  ATTENTION;

  /** Whether tap points are recorded. */
  public boolean taps() {
    return this != STEPS;
  }

  /** Whether what each rank held inside of attention is recorded. */
  public boolean attention() {
    return this == ATTENTION;
  }
}
