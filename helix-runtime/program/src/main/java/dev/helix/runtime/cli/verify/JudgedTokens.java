package dev.helix.runtime.cli.verify;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.ShardedStep;

/** How many tokens of caches are read to judge a step in which nothing is wrong. */
final class JudgedTokens {
  private JudgedTokens() {}

  static long of(ShardedStep step) {
    if (!step.hasCaches()) {
      return 0;
    }
    long visible = step.facts().tokens().stream().mapToLong(QueryToken::visible).sum();
    return visible * step.facts().shape().kvHeads();
  }
}
