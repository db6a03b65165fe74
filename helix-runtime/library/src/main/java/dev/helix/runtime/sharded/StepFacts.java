package dev.helix.runtime.sharded;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known of a step beside its tensors.
 *
 * @param shape its sizes
 * @param tokens the query tokens, in the order of the tensors' rows
 * @param owners which rank keeps which token
 * @param scores how products become scores
 * @param forms how partial states and caches are represented
 */
public record StepFacts(
    StepShape shape, List<QueryToken> tokens, TokenOwners owners, ScoreRule scores, Forms forms) {
  public StepFacts {
    tokens = List.copyOf(tokens);
  }

  /** The places in the batch of a request's query tokens, in order. */
  public int[] queryTokens(int request) {
    return IntStream.range(0, tokens.size())
        .filter(at -> tokens.get(at).request() == request)
        .toArray();
  }

  /** The same facts with other forms. */
  public StepFacts with(Forms others) {
    return new StepFacts(shape, tokens, owners, scores, others);
  }

  /** The same facts with other owners of tokens. */
  public StepFacts with(TokenOwners others) {
    return new StepFacts(shape, tokens, others, scores, forms);
  }

  /** The same facts with other scores. */
  public StepFacts with(ScoreRule others) {
    return new StepFacts(shape, tokens, owners, others, forms);
  }

  /**
   * How numbers are represented and rounded.
   *
   * @param kernel the roundings of the partial attention
   * @param convention the form and the roundings of partial states and of their merge
   * @param cache how stored numbers become keys and values
   */
  public record Forms(KernelRoundings kernel, Convention convention, CacheScales cache) {}
}
