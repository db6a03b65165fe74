package dev.helix.attention.convention;

/** The form in which a partial state carries its weight in the merge. */
public enum WeightForm {
  /** The log-sum-exp of its scores, m + ln l. */
  LSE,
  /** The pair (m, l), l = Σ exp(s − m), at a reference m that need not be the greatest score. */
  MAX_SUM
}
