package dev.helix.attention.exact;

/** Of grouped-query attention. */
final class ExactGroupedMergeLaws extends ExactMergeLaws {
  ExactGroupedMergeLaws() {
    super(ExactProblem.Kind.GROUPED_QUERY);
  }
}
