package dev.helix.laws.tokens;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says which shard keeps which token of a request, by a rule or token by token. Immutable. */
public final class TokenOwners {
  private final int shards;
  private final int[] owners;
  private final Optional<KvPlacement> placement;

  /** Shard s has the part s − turned of the rule's, counted around. */
  private final int turned;

  private TokenOwners(int shards, int[] owners, Optional<KvPlacement> placement, int turned) {
    this.shards = shards;
    this.owners = owners;
    this.placement = placement;
    this.turned = turned;
    if (shards < 1 || Arrays.stream(owners).anyMatch(owner -> owner < 0 || owner >= shards)) {
      throw new IllegalArgumentException(
          "owners of tokens: expected shards below %d, got %s"
              .formatted(shards, Arrays.toString(owners)));
    }
  }

  /** Deals so many tokens by a rule. */
  public static TokenOwners dealt(KvPlacement placement, int tokens) {
    return dealt(placement, tokens, 0);
  }

  private static TokenOwners dealt(KvPlacement placement, int tokens, int turned) {
    int shards = placement.shards();
    int[] owners =
        IntStream.range(0, tokens).map(j -> (placement.owner(j) + turned) % shards).toArray();
    return new TokenOwners(shards, owners, Optional.of(placement), turned);
  }

  /**
   * The same rule with its parts turned: each shard has the part that the shard {@code by} places
   * before it had.
   */
  public TokenOwners turnedBy(int by) {
    return dealt(placement.orElseThrow(), owners.length, (turned + by) % shards);
  }

  /** Deals tokens round robin in runs. */
  public static TokenOwners inRuns(int shards, int runLength, int tokens) {
    return dealt(new RoundRobinPlacement(shards, runLength), tokens);
  }

  /** Deals tokens in contiguous parts of ⌈tokens/shards⌉. */
  public static TokenOwners contiguous(int shards, int tokens) {
    return dealt(new ContiguousPlacement(shards, Math.max(1, tokens)), tokens);
  }

  /**
   * Gives each token an owner of its own. No rule describes the result, so this project's cache
   * cannot say the positions of its slots.
   */
  public static TokenOwners oneByOne(int shards, int[] owners) {
    return new TokenOwners(shards, owners.clone(), Optional.empty(), 0);
  }

  /** The shards of a needle. */
  public static TokenOwners of(Needle needle) {
    int[] owners = new int[Math.toIntExact(needle.tokens())];
    Arrays.setAll(owners, needle::owner);
    return new TokenOwners(needle.shards(), owners, Optional.empty(), 0);
  }

  public int shards() {
    return shards;
  }

  public int tokens() {
    return owners.length;
  }

  /** The rule by which tokens are dealt, if there is one. */
  public Optional<KvPlacement> placement() {
    return placement;
  }

  /** The index of the rule's part that a shard has. */
  public int part(int shard) {
    return Math.floorMod(shard - turned, shards);
  }

  public int owner(int token) {
    return owners[token];
  }

  /** The positions of a shard's tokens, in rising order. */
  public int[] positions(int shard) {
    return IntStream.range(0, owners.length).filter(j -> owners[j] == shard).toArray();
  }

  /**
   * The owners of some of the tokens. They are dealt anew if there is a rule, and stay with their
   * owners otherwise.
   */
  public TokenOwners kept(int[] some) {
    return placement
        .map(rule -> dealt(rule, some.length, turned))
        .orElseGet(() -> oneByOne(shards, Arrays.stream(some).map(j -> owners[j]).toArray()));
  }

  /** The same tokens on fewer shards, and by simpler rules. */
  public List<TokenOwners> simpler() {
    List<TokenOwners> simpler = new ArrayList<>();
    if (shards > 1) {
      IntStream.of(1, 2, shards / 2, shards - 1)
          .filter(fewer -> fewer < shards)
          .distinct()
          .forEach(fewer -> simpler.add(on(fewer)));
    }
    if (turned != 0) {
      simpler.add(turnedBy(shards - turned));
    }
    if (placement.isPresent() && placement.get() instanceof RoundRobinPlacement rule) {
      if (rule.runLength() > 1) {
        simpler.add(inRuns(shards, 1, owners.length));
      }
    }
    return simpler;
  }

  private TokenOwners on(int fewer) {
    if (placement.isEmpty()) {
      return oneByOne(fewer, Arrays.stream(owners).map(owner -> owner % fewer).toArray());
    }
    return placement.get() instanceof RoundRobinPlacement rule
        ? inRuns(fewer, rule.runLength(), owners.length)
        : contiguous(fewer, owners.length);
  }

  /** A measure of how involved the dealing is; simpler ones have less. */
  public int complexity() {
    boolean singly =
        placement.isPresent()
            && placement.get() instanceof RoundRobinPlacement rule
            && rule.runLength() == 1;
    return shards + (singly ? 0 : 1) + (turned == 0 ? 0 : 1);
  }

  @Override
  public String toString() {
    return placement
        .map(rule -> turned == 0 ? rule.toString() : rule + ", turned by " + turned)
        .orElseGet(
            () ->
                owners.length > 24
                    ? shards + " shards, one by one"
                    : "%d shards, owners %s".formatted(shards, Arrays.toString(owners)));
  }
}
