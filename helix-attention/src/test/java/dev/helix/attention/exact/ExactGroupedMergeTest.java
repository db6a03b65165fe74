package dev.helix.attention.exact;

/** Of grouped-query attention. */
final class ExactGroupedMergeTest extends ExactMergeContract {
  ExactGroupedMergeTest() {
    super(ExactProblem.Kind.GROUPED_QUERY);
  }
}
