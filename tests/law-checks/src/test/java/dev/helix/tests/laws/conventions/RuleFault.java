package dev.helix.tests.laws.conventions;

/** The faults of the museum's merges, as a merge by a published rule can have them. */
enum RuleFault {
  TWO_EMPTY_PARTIALS,
  ZERO_TIMES_NAN,
  SEEDED_FOLD,
  RAW_GAP,
  OTHER_BASE,
  FINITE_SENTINEL,
  ROUNDED_FIRST,
  TRANSPOSED_LSE,
  SHARDS_BEYOND_A_TILE,
  HEADS_BEYOND_A_TILE,
  TOKENS_BEYOND_A_TILE,
  WIDTH_BEYOND_A_TILE,
  ONE_SHARD_GIVES_ZERO,
  /** Rows that bypass the merge are merged like all others. */
  BYPASSED_ROWS_MERGED,
  /** The factor of one shard of three is 1% too large. */
  ONE_PERCENT_OF_A_FACTOR,
  /** One shard of three weighs 1% too much, in the sum of weights too. */
  ONE_PERCENT_OF_A_WEIGHT;

  /** Whether only a case as long as the tiles of a kernel can show it. */
  boolean isOfSizes() {
    return switch (this) {
      case SHARDS_BEYOND_A_TILE, HEADS_BEYOND_A_TILE, TOKENS_BEYOND_A_TILE, WIDTH_BEYOND_A_TILE ->
          true;
      default -> false;
    };
  }
}
