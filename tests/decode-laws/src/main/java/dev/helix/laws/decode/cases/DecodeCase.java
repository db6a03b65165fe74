package dev.helix.laws.decode.cases;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.mesh.Layout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A layer on ranks, and the tokens that it is given step by step: in chunks, one by one, or several
 * at once as when drafts are verified. {@code DecodeWeights} and {@code DecodeFfn} draw the weights
 * and inputs from the seed.
 *
 * @param shape the heads that the exchange splits; with latent attention {@link
 *     LatentShape#absorbed()}
 * @param latent empty with grouped-query attention
 * @param layout layout of attention and FFN; only the laws of the FFN use TPF and EP
 * @param deal the rule that says which rank keeps which tokens
 * @param rule of all heads
 * @param capacities for each request the number of tokens for which its cache is opened, a hint
 *     from which the size of pages follows
 * @param steps the rows of each step; those of one request stand together and continue where its
 *     last step ended, and a request may have none
 * @param hopB whether attention and exchange are launched for each request by itself
 * @param hard the documented hard cases that this case is one of
 * @param seed seed of the weights and inputs
 */
public record DecodeCase(
    AttentionShape shape,
    Optional<LatentShape> latent,
    Layout layout,
    TokenDeal deal,
    ScoreRule rule,
    List<Integer> capacities,
    List<List<QueryToken>> steps,
    boolean hopB,
    Set<DecodeHardCase> hard,
    long seed) {
  /** The rotary turns of all cases. */
  public static final RopeParameters ROPE = RopeParameters.of(100);

  /**
   * @throws dev.helix.tensor.InvalidInputException if the layout does not fit the heads
   * @throws IllegalArgumentException if steps are not as described
   */
  public DecodeCase {
    capacities = List.copyOf(capacities);
    steps = steps.stream().map(List::copyOf).toList();
    hard = Set.copyOf(hard);
    if (latent.isPresent()
        && (!latent.get().absorbed().equals(shape)
            || !rule.equals(ScoreRule.ofScale(latent.get().scoreScale(ROPE))))) {
      throw new IllegalArgumentException(
          "%s attends as %s with its own scale, not as %s with %s"
              .formatted(latent.get(), latent.get().absorbed(), shape, rule));
    }
    rule.requireHeads("decode case", new AttentionSharding(shape, layout).shape().queryHeads());
    int[] tokens = new int[capacities.size()];
    for (List<QueryToken> step : steps) {
      int last = -1;
      for (QueryToken token : step) {
        if (token.request() < last || token.position() != tokens[token.request()]++) {
          throw new IllegalArgumentException("%s is out of turn in %s".formatted(token, step));
        }
        last = token.request();
      }
      if (step.isEmpty()) {
        throw new IllegalArgumentException("a step has no tokens");
      }
    }
  }

  /** The heads that each rank has before and after the all-to-all. */
  public AttentionSharding sharding() {
    return new AttentionSharding(shape, layout);
  }

  /** The placement that the tokens follow. */
  public RoundRobinPlacement placement() {
    return new RoundRobinPlacement(layout.kvp(), deal.runLength());
  }

  /** For each KVP index, the shard of each request that its rank keeps. */
  public List<Integer> shards() {
    return IntStream.range(0, layout.kvp())
        .mapToObj(kvpIndex -> deal.shard(kvpIndex, layout.kvp()))
        .toList();
  }

  /** Number of requests that are open, including those without a token. */
  public int requests() {
    return capacities.size();
  }

  /** Number of tokens of a request in all steps. */
  public int length(int request) {
    return (int) tokens().stream().filter(token -> token.request() == request).count();
  }

  /** All tokens in the order of the steps. */
  public List<QueryToken> tokens() {
    return steps.stream().flatMap(List::stream).toList();
  }

  /** The length of each axis, by its name. Reports show the largest. */
  public Map<String, Integer> sizes() {
    int longest = IntStream.range(0, requests()).map(this::length).max().orElse(0);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("ranks", layout.ranks());
    sizes.put("KVP ranks", layout.kvp());
    sizes.put("requests", requests());
    sizes.put("tokens of a request", longest);
    sizes.put("tokens of a shard", placement().localLength(0, longest));
    sizes.put("tokens of a step", steps.stream().mapToInt(List::size).max().orElse(0));
    sizes.put("heads", shape.queryHeads());
    sizes.put("KV heads", shape.kvHeads());
    sizes.put("components of a head", shape.headDim());
    return sizes;
  }

  @Override
  public String toString() {
    return "%s on %s, %s%s, %s, requests of %s tokens with room for %s in steps of %s%s%s, choices %d"
        .formatted(
            latent.isPresent() ? latent.get() : shape,
            layout,
            placement(),
            deal.turn() > 0 ? " turned by " + deal.turn() : "",
            rule,
            IntStream.range(0, requests()).map(this::length).boxed().toList(),
            capacities,
            steps.stream().map(List::size).toList(),
            hopB ? ", HOP-B" : "",
            hard.isEmpty() ? "" : " " + hard,
            seed);
  }
}
