package dev.helix.runtime.sharded.reference;

/** With how many digits references are computed. */
public enum Digits {
  /** Double precision, with compensated sums. */
  DOUBLE,
  /** 50 digits, of which each result keeps those of a double. Only for small dumps. */
  FIFTY
}
