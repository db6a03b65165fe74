package dev.helix.laws.placement;

import java.util.stream.IntStream;

/**
 * The rule that says which shard owns a token. The place of a token among its owner's tokens, and
 * the number of a request's tokens that a shard has, follow by counting, which is quick where
 * rounds are whole.
 */
public sealed interface PlacementRule {
  /** N, the number of KVP shards. */
  int shards();

  /** The kind of this rule. */
  PlacementKind kind();

  /**
   * The shard that a token belongs to.
   *
   * @throws UnsupportedOperationException if only the implementation knows the rule
   */
  int owner(PlacedRequest request, int position);

  /**
   * Number of a request's first {@code tokens} tokens that a shard owns.
   *
   * @throws UnsupportedOperationException if only the implementation knows the rule
   */
  default int kept(PlacedRequest request, int shard, int tokens) {
    return counted(request, shard, 0, tokens);
  }

  /** How many tokens of some positions a shard owns, one by one. */
  private int counted(PlacedRequest request, int shard, int from, int to) {
    return (int) IntStream.range(from, to).filter(p -> owner(request, p) == shard).count();
  }

  /** The rule in the words of the files that a program reads. */
  private String inWords(String more) {
    return "the rule %s, %d shards%s".formatted(kind().label(), shards(), more);
  }

  /**
   * The rule of kind {@link PlacementKind#ROUND_ROBIN}, or with a phase of kind {@code
   * PlacementKind#ROUND_ROBIN_FROM_A_PHASE}.
   *
   * @param runLength consecutive tokens of one shard
   * @param phase number of tokens by which the turns have advanced before position 0, below
   *     N·runLength
   */
  record RoundRobin(int shards, int runLength, int phase) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return phase == 0 ? PlacementKind.ROUND_ROBIN : PlacementKind.ROUND_ROBIN_FROM_A_PHASE;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      return turn(position + phase, runLength, shards);
    }

    @Override
    public int kept(PlacedRequest request, int shard, int tokens) {
      return dealt(phase + tokens, runLength, shards, shard)
          - dealt(phase, runLength, shards, shard);
    }

    @Override
    public String toString() {
      return ((PlacementRule) this)
          .inWords(", runs of %d".formatted(runLength) + (phase == 0 ? "" : ", phase " + phase));
    }
  }

  /**
   * The rule of kind {@link PlacementKind#CONTIGUOUS}: parts of ⌈capacity/N⌉ tokens.
   *
   * @param capacity the greatest number of tokens of a request
   */
  record Contiguous(int shards, int capacity) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.CONTIGUOUS;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      return position / part();
    }

    @Override
    public int kept(PlacedRequest request, int shard, int tokens) {
      return Math.max(0, Math.min(tokens, (shard + 1) * part()) - shard * part());
    }

    private int part() {
      return (capacity + shards - 1) / shards;
    }

    @Override
    public String toString() {
      return ((PlacementRule) this).inWords(", capacity " + capacity);
    }
  }

  /** The rule of kind {@link PlacementKind#BY_CACHE_SLOT}: the owner is the cache slot modulo N. */
  record ByCacheSlot(int shards) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.BY_CACHE_SLOT;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      return request.cacheSlots().get(position) % shards;
    }

    @Override
    public String toString() {
      return ((PlacementRule) this).inWords("");
    }
  }

  /**
   * The rule of kind {@link PlacementKind#RESTARTED} or {@link PlacementKind#RESTARTED_BY_STEPS}.
   *
   * @param runLength number of consecutive tokens of one shard, in the prompt and in the generated
   *     part
   * @param bySteps whether the tokens of a step stay together
   */
  record Restarted(int shards, int runLength, boolean bySteps) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return bySteps ? PlacementKind.RESTARTED_BY_STEPS : PlacementKind.RESTARTED;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      if (position < request.prompt()) {
        return turn(position, runLength, shards);
      }
      int counted = bySteps ? request.firstOfStep(position) : position;
      return turn(counted - request.prompt(), runLength, shards);
    }

    @Override
    public int kept(PlacedRequest request, int shard, int tokens) {
      int prompt = Math.min(tokens, request.prompt());
      return dealt(prompt, runLength, shards, shard)
          + ((PlacementRule) this).counted(request, shard, prompt, tokens);
    }

    @Override
    public String toString() {
      return ((PlacementRule) this).inWords(", runs of " + runLength);
    }
  }

  /**
   * The rule of kind {@link PlacementKind#VIRTUAL_PAGES}: round robin, where the token at position
   * p stands in page ⌊p/(N·pageSlots)⌋ of its owner.
   *
   * @param runLength number of consecutive tokens of one shard; it divides pageSlots
   * @param pageSlots number of slots of a page of one shard
   */
  record VirtualPages(int shards, int runLength, int pageSlots) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.VIRTUAL_PAGES;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      return turn(position, runLength, shards);
    }

    @Override
    public int kept(PlacedRequest request, int shard, int tokens) {
      return dealt(tokens, runLength, shards, shard);
    }

    /** The page of its owner in which a token has to stand. */
    int page(int position) {
      return position / (shards * pageSlots);
    }

    @Override
    public String toString() {
      return ((PlacementRule) this)
          .inWords(", runs of %d, pages of %d slots".formatted(runLength, pageSlots));
    }
  }

  /** The rule of kind {@link PlacementKind#OWN}, which only the implementation knows. */
  record Own(int shards) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.OWN;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      throw new UnsupportedOperationException("only the placement under test knows its rule");
    }

    @Override
    public String toString() {
      return ((PlacementRule) this).inWords("");
    }
  }

  private static int turn(int tokens, int runLength, int shards) {
    return tokens / runLength % shards;
  }

  /** A run of each whole round, and what of the last round is the shard's. */
  private static int dealt(int tokens, int runLength, int shards, int shard) {
    int rounds = tokens / (runLength * shards);
    int rest = rounds * runLength * shards;
    long ofRest =
        IntStream.range(rest, tokens).filter(t -> turn(t, runLength, shards) == shard).count();
    return rounds * runLength + (int) ofRest;
  }
}
