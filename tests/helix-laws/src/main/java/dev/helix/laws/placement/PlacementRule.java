package dev.helix.laws.placement;

import java.util.stream.IntStream;

/**
 * The rule that says which shard owns a token. Where a token stands among its owner's, and how many
 * of a request's tokens a shard has, follow by counting, which whole rounds shorten.
 */
public sealed interface PlacementRule {
  /** N, the number of KVP shards. */
  int shards();

  /** Of which kind it is. */
  PlacementKind kind();

  /**
   * The shard that a token belongs to.
   *
   * @throws UnsupportedOperationException if only the implementation knows
   */
  int owner(PlacedRequest request, int position);

  /**
   * How many of a request's first tokens a shard owns.
   *
   * @throws UnsupportedOperationException if only the implementation knows
   */
  default int kept(PlacedRequest request, int shard, int tokens) {
    return counted(request, shard, 0, tokens);
  }

  /** How many tokens of some positions a shard owns, one by one. */
  private int counted(PlacedRequest request, int shard, int from, int to) {
    return (int) IntStream.range(from, to).filter(p -> owner(request, p) == shard).count();
  }

  /**
   * {@link PlacementKind#ROUND_ROBIN}, and with a phase {@link
   * PlacementKind#ROUND_ROBIN_FROM_A_PHASE}.
   *
   * @param runLength consecutive tokens of one shard
   * @param phase tokens by which the turns have gone on when position 0 comes, below N·runLength
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
  }

  /**
   * {@link PlacementKind#CONTIGUOUS}: parts of ⌈capacity/N⌉ tokens.
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
  }

  /** {@link PlacementKind#BY_CACHE_SLOT}: cache slot modulo N. */
  record ByCacheSlot(int shards) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.BY_CACHE_SLOT;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      return request.cacheSlots().get(position) % shards;
    }
  }

  /**
   * {@link PlacementKind#RESTARTED} or {@link PlacementKind#RESTARTED_BY_STEPS}.
   *
   * @param runLength consecutive tokens of one shard, of the prompt and of what is generated
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
  }

  /**
   * {@link PlacementKind#VIRTUAL_PAGES}: round robin, and the token at position p stands in page
   * ⌊p/(N·pageSlots)⌋ of its owner.
   *
   * @param runLength consecutive tokens of one shard; it divides the page
   * @param pageSlots slots of a page of one shard
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

    /** The page in which a token has to stand. */
    int page(int position) {
      return position / (shards * pageSlots);
    }
  }

  /** {@link PlacementKind#OWN}. */
  record Own(int shards) implements PlacementRule {
    @Override
    public PlacementKind kind() {
      return PlacementKind.OWN;
    }

    @Override
    public int owner(PlacedRequest request, int position) {
      throw new UnsupportedOperationException("only the placement under test knows its rule");
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
