package dev.helix.laws;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The laws, under the names by which the command line and contracts know them. The code of each law
 * is written once, in the {@link Trial} of its {@link Seam}.
 */
public enum Law {
  ASSOCIATIVE(1, "⊕ is associative, over every bracketing"),
  COMMUTATIVE(2, "⊕ is commutative"),
  EMPTY_IDENTITY(3, "∅ is a left and a right identity, ∅ ⊕ ∅ = ∅"),
  OWNERSHIP(3, "what a shard without tokens holds has no effect"),
  FOLD_AND_TREE(4, "the merge of n = the fold = any tree"),
  PARTITION(5, "any partition of the tokens gives the unsharded attention"),
  NEEDLE(5, "a needle in a million tokens keeps its closed form, on up to 256 shards"),
  TOKEN_PERMUTATION(6, "any permutation of the tokens gives the same"),
  SHIFT(7, "c added to every score leaves O, and shifts LSE by c"),
  COPIES(8, "k copies of x are (O, LSE + ln k)"),
  CONSTANT_VALUES(9, "if every value is c, the output is c"),
  LINEAR(10, "the merge is linear in the values"),
  HULL(11, "the output lies in the convex hull of the partial outputs"),
  WEIGHTS(12, "weights are >= 0 and sum to 1, and none is off on the mean of 4,096 rows"),
  LSE_RANGE(13, "max LSEᵢ <= merged LSE <= max LSEᵢ + ln n"),
  BASES(14, "LSE = m + ln l in base e, m·log₂e + log₂l in base 2"),
  MAX_SUM(15, "(max, sum) pairs and LSEs describe the same state, for any valid reference"),
  ONE_RANK(19, "one rank is the identity; if promised, bit for bit up to the sign of zero"),
  NAN_IS_REPORTED(0, "NaN in a value that has weight, or a weight of NaN or +∞, is not lost"),

  ATTENTION_DEFINITION(Seam.ATTENTION, 0, "partial attention is softmax over what the shard holds"),
  ATTENTION_EMPTY(Seam.ATTENTION, 3, "a shard without visible tokens is (0, −∞)"),
  ATTENTION_PADDING(Seam.ATTENTION, 3, "what slots without tokens hold has no effect"),
  ATTENTION_PARTITION(Seam.ATTENTION, 5, "the shards' states merge to the attention of all tokens"),
  ATTENTION_NEEDLE(Seam.ATTENTION, 5, "a needle in a million tokens keeps its closed form"),
  ATTENTION_CONSTANT_VALUES(Seam.ATTENTION, 9, "if every value is c, the output is c"),
  ATTENTION_BATCH(Seam.ATTENTION, 0, "requests of one launch get what each of them gets by itself"),
  ATTENTION_POSITIONS(Seam.ATTENTION, 0, "c added to every position leaves attention as it is"),
  ATTENTION_NAN_IS_REPORTED(
      Seam.ATTENTION, 0, "NaN in a token is not lost to those who see it, and nothing to others"),

  PLACEMENT_OWNERS(
      Seam.PLACEMENT, 18, "each token has one owner, the same on all ranks, which the rule says"),
  PLACEMENT_LENGTHS(
      Seam.PLACEMENT, 18, "a local length counts the tokens that a shard owns; all add up to S"),
  PLACEMENT_BIJECTION(
      Seam.PLACEMENT, 18, "(rank, slot) ↔ token is a bijection; slots rise without gaps"),
  PLACEMENT_GROWTH(Seam.PLACEMENT, 0, "a step moves no token that was there before"),
  PLACEMENT_STEPS(
      Seam.PLACEMENT, 0, "a request's slots in a step are the same whatever the others bring"),

  CACHE_TOKENS(
      Seam.CACHE, 18, "on all ranks together a token sees its request's up to itself, once each"),
  CACHE_PADDING(Seam.CACHE, 3, "rows of padding write nothing"),
  CACHE_DRAFTS(Seam.CACHE, 0, "drafts that are rejected leave no trace"),
  CACHE_REUSED(Seam.CACHE, 0, "a request sees nothing of one that had its number or its pages"),
  CACHE_STEPS(Seam.CACHE, 22, "a step of k tokens is k steps of one"),

  ROUTING_CHOICE(
      Seam.ROUTING, 0, "the best experts of the best groups are chosen, of equals the lowest"),
  ROUTING_WEIGHTS(
      Seam.ROUTING,
      0,
      "weights are scores without bias, renormalised if so ruled, times the scale"),
  ROUTING_TOKENS(Seam.ROUTING, 0, "a token is routed by itself, whichever others there are"),
  ROUTING_NAN_IS_REPORTED(Seam.ROUTING, 0, "NaN in a logit is not lost"),

  HEAD_LOGITS(Seam.HEAD, 21, "the logits of all shards of the vocabulary are the unsharded ones"),
  HEAD_CHOICE(
      Seam.HEAD,
      0,
      "the chosen word is in the vocabulary: the greatest logit's, the lowest of equals"),
  HEAD_ROWS(Seam.HEAD, 0, "a row is decoded by itself, whichever others there are"),
  HEAD_NAN_IS_REPORTED(Seam.HEAD, 0, "NaN in a hidden state is not lost"),

  DECODE_PLACEMENT(Seam.DECODE, 18, "each token has one owner; local lengths add up to S"),
  DECODE_UNSHARDED(
      Seam.DECODE, 22, "decoding on ranks step by step is one unsharded, teacher-forced pass"),
  DECODE_DRAFTS(
      Seam.DECODE, 22, "a step with drafts that are rejected is the step of the accepted tokens"),
  DECODE_REUSED(Seam.DECODE, 0, "a request sees nothing of one that had its number before"),
  DECODE_RANKS_AGREE(Seam.DECODE, 0, "every rank holds the same bits after the all-reduce"),
  DECODE_ALL_TO_ALL(Seam.DECODE, 16, "all-to-all transposes blocks; twice, it is the identity"),
  DECODE_EXCHANGES(
      Seam.DECODE, 17, "all-to-all + merge = all-gather + merge + slice = rescale + all-reduce"),
  DECODE_RELABELLED(
      Seam.DECODE, 20, "which rank of a KVP group has which part of the tokens is all the same"),
  DECODE_PROJECTIONS(
      Seam.DECODE,
      21,
      "sliced projections, FFNs and experts, summed over ranks, are the full ones"),
  DECODE_ROUTING(
      Seam.DECODE, 0, "all ranks choose the experts that the rule says, also among equals"),

  STRATEGY_PLACEMENT(
      Seam.STRATEGY, 18, "each token, head, column and expert has its rank under every strategy"),
  STRATEGY_ATTENTION(
      Seam.STRATEGY, 22, "attention in each layer is the unsharded one under every strategy"),
  STRATEGY_PROJECTIONS(
      Seam.STRATEGY, 21, "FFNs, experts, sums and logits are the full ones under every strategy"),
  STRATEGY_ROUTING(
      Seam.STRATEGY, 0, "each token goes to the experts that the rule says, on whichever ranks"),
  STRATEGY_CACHE(
      Seam.STRATEGY,
      0,
      "the owner of a token rounds it once to a quantised cache, by the rule and by itself"),
  STRATEGY_RANKS_AGREE(Seam.STRATEGY, 0, "ranks with copies of one hidden state hold its bits"),
  STRATEGY_EXCHANGES(
      Seam.STRATEGY, 16, "rows, blocks and states arrive in raw bits, and in the order of ranks"),
  STRATEGY_RELABELLED(
      Seam.STRATEGY, 20, "which group or micro-batch a request falls to is all the same"),
  STRATEGY_SAME_PROGRAM(
      Seam.STRATEGY, 0, "widths of 1 leave one program: N = 1, KVP = 1, one stage, one group"),
  STRATEGY_ONE_DIGEST(
      Seam.STRATEGY, 0, "the logits have the bits of the definition under every strategy");

  private final Seam seam;
  private final int number;
  private final String sentence;

  Law(int number, String sentence) {
    this(Seam.MERGE, number, sentence);
  }

  Law(Seam seam, int number, String sentence) {
    this.seam = seam;
    this.number = number;
    this.sentence = sentence;
  }

  /** The seam at which the law holds. */
  public Seam seam() {
    return seam;
  }

  /** The laws that hold at a seam, in the order of this enum. */
  public static List<Law> at(Seam seam) {
    return Arrays.stream(values()).filter(law -> law.seam == seam).toList();
  }

  /** The number under which the manual lists the law; 0 if it has none. */
  public int number() {
    return number;
  }

  /** What the law says, in one sentence. */
  public String sentence() {
    return sentence;
  }

  /** The name on the command line, {@code empty-identity}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return label();
  }
}
