package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the user says of a step beside the dump. What is not said is taken from the dump, or found
 * out, or the stages that need it are not checked.
 *
 * @param sharding which rank keeps which token
 * @param scores how products become scores
 * @param forms how numbers are represented
 * @param lengths number of tokens of each request, over all ranks
 */
public record GivenFacts(
    Sharding sharding, Scores scores, Forms forms, Optional<List<Integer>> lengths) {
  /** Nothing is said. */
  public static final GivenFacts NONE =
      new GivenFacts(
          new Sharding(OptionalInt.empty(), Rule.ROUND_ROBIN, OptionalInt.empty(), 0, List.of()),
          new Scores(OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty()),
          new Forms(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty()),
          Optional.empty());

  /** The rules of placement that can be named. */
  public enum Rule {
    /** Runs of tokens in turn. */
    ROUND_ROBIN("round-robin"),
    /** One part of ⌈length/KVP⌉ tokens for each rank. */
    CONTIGUOUS("contiguous"),
    /** Blocks of the prompt in turn, and generated tokens counted from the first of them. */
    FROM_FIRST_GENERATED("from-first-generated");

    private final String option;

    Rule(String option) {
      this.option = option;
    }

    @Override
    public String toString() {
      return option;
    }
  }

  /**
   * Which rank keeps which token.
   *
   * @param kvp number of ranks of a KVP group; without it, all ranks of the dump are one group
   * @param rule the rule of placement
   * @param runLength number of consecutive tokens of a rank
   * @param phase the place in its round of the first token
   * @param prompts length of each request's prompt, where the rule asks for it
   */
  public record Sharding(
      OptionalInt kvp, Rule rule, OptionalInt runLength, int phase, List<Integer> prompts) {
    public Sharding {
      prompts = List.copyOf(prompts);
    }
  }

  /**
   * How products become scores.
   *
   * @param scale the softmax scale
   * @param softCap the bound that scores approach
   * @param window how many positions a query sees
   */
  public record Scores(OptionalDouble scale, OptionalDouble softCap, OptionalInt window) {}

  /**
   * How numbers are represented.
   *
   * @param convention that of the partial states
   * @param base the base of log-sum-exps, where no convention is given or it differs
   * @param longestSum the most additions that a number passes in a kernel's sums over tokens
   * @param readAs the format to which a kernel rounds number times scale of a quantised cache
   */
  public record Forms(
      Optional<Convention> convention,
      Optional<LogBase> base,
      OptionalInt longestSum,
      Optional<DType> readAs) {}

  /** These facts with another sharding. */
  public GivenFacts with(Sharding other) {
    return new GivenFacts(other, scores, forms, lengths);
  }

  /** These facts with other scores. */
  public GivenFacts with(Scores others) {
    return new GivenFacts(sharding, others, forms, lengths);
  }

  /** These facts with other forms. */
  public GivenFacts with(Forms others) {
    return new GivenFacts(sharding, scores, others, lengths);
  }
}
