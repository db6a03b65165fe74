package dev.helix.runtime.record;

/** How much a run keeps of what it computes. Its steps and tokens are kept always. */
public enum Recording {
  /** Nothing more. */
  STEPS,
  /** The numbers and the routing at every tap point; ranks compare their copies of them. */
  TAPS,
  /** The same, and what each rank held inside of attention. */
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
