package dev.helix.laws.placement;

import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The trial of one law of placement, against one implementation, on one case. */
final class PlacementTrial extends Trial {
  /**
   * In a longer request only this number of last positions is looked at, and steps of more rows are
   * left out.
   */
  private static final int MOST_POSITIONS = 300;

  /**
   * With up to so many shards every rank is asked about each position, and with more each about
   * some positions.
   */
  private static final int FEW_SHARDS = 8;

  private final PlacementUnderTest subject;
  private final PlacementCase given;
  private final int shards;

  PlacementTrial(Law law, PlacementUnderTest subject, PlacementCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
    this.shards = given.rule().shards();
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    try {
      switch (law()) {
        case PLACEMENT_OWNERS -> given.requests().forEach(this::owners);
        case PLACEMENT_LENGTHS -> given.requests().forEach(this::lengths);
        case PLACEMENT_BIJECTION -> given.requests().forEach(this::bijection);
        case PLACEMENT_GROWTH -> given.requests().forEach(this::growth);
        case PLACEMENT_STEPS -> IntStream.range(0, given.steps()).forEach(this::step);
        default -> throw new IllegalArgumentException(law() + " is not a law of placement");
      }
    } catch (LawViolation e) {
      throw e;
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the placement threw " + e);
    }
  }

  /** All ranks have one owner for a token, the rule's. */
  private void owners(PlacedRequest request) {
    List<TokenPlacement> ranks = placed(request);
    for (int position = first(request); position < request.tokens(); position++) {
      rowOf(request, position);
      int owner = ranks.get(0).owner(position);
      requireShard(position, owner);
      for (int rank = 1; rank < shards; rank++) {
        int other = ranks.get(rank).owner(position);
        int of = rank;
        same(
            owner,
            other,
            at(
                position,
                () ->
                    "rank 0 takes shard %d for its owner, rank %d shard %d"
                        .formatted(owner, of, other)));
      }
      if (given.rule().kind() != PlacementKind.OWN) {
        int expected = given.rule().owner(request, position);
        same(
            expected,
            owner,
            at(position, () -> "expected it on shard %d, got shard %d".formatted(expected, owner)));
      }
    }
  }

  /**
   * A local length grows by one with each token that the shard owns, and with no other, and all
   * ranks say the same of it.
   */
  private void lengths(PlacedRequest request) {
    List<TokenPlacement> ranks = placed(request);
    int before = first(request);
    for (int shard = 0; shard < shards; shard++) {
      int expected = kept(request, shard, before, ranks);
      int got = ranks.get(shard).localLength(shard, before);
      int of = shard;
      same(
          expected,
          got,
          () ->
              "shard %d owns %d of the first %d tokens, and its local length is %d"
                  .formatted(of, expected, before, got));
    }
    long sum = 0;
    for (int shard = 0; shard < shards; shard++) {
      sum += ranks.get(shard).localLength(shard, before);
    }
    long all = sum;
    require(
        all == before,
        () -> "the local lengths of the first %d tokens add up to %d".formatted(before, all));
    for (int position = before; position < request.tokens(); position++) {
      rowOf(request, position);
      for (int shard = 0; shard < shards; shard++) {
        TokenPlacement own = ranks.get(shard);
        int kept = own.owner(position) == shard ? 1 : 0;
        int from = own.localLength(shard, position);
        int to = own.localLength(shard, position + 1);
        int of = shard;
        same(
            from + kept,
            to,
            at(
                position,
                () ->
                    "shard %d %s it, and its local length goes from %d to %d"
                        .formatted(of, kept == 1 ? "owns" : "does not own", from, to)));
        agreed(ranks, shard, position + 1, to);
      }
    }
  }

  /** All ranks have the same local length of a shard: each of them plans the exchange by it. */
  private void agreed(List<TokenPlacement> ranks, int shard, int tokens, int expected) {
    int each = shards <= FEW_SHARDS ? 1 : shards;
    for (int rank = tokens % each; rank < shards; rank += each) {
      int got = ranks.get(rank).localLength(shard, tokens);
      int of = rank;
      same(
          expected,
          got,
          () ->
              "of the first %d tokens shard %d has %d by itself, %d by rank %d"
                  .formatted(tokens, shard, expected, got, of));
    }
  }

  /** How many of the first tokens a shard owns; only a rule of its own has to be believed. */
  private int kept(PlacedRequest request, int shard, int tokens, List<TokenPlacement> ranks) {
    if (tokens == 0) {
      return 0;
    }
    return given.rule().kind() == PlacementKind.OWN
        ? ranks.get(shard).localLength(shard, tokens)
        : given.rule().kept(request, shard, tokens);
  }

  /** Slots of a shard follow each other without gaps, and lead back. */
  private void bijection(PlacedRequest request) {
    List<TokenPlacement> ranks = placed(request);
    int begin = first(request);
    int[] next = new int[shards];
    for (int shard = 0; shard < shards; shard++) {
      next[shard] = kept(request, shard, begin, ranks);
    }
    for (int position = begin; position < request.tokens(); position++) {
      rowOf(request, position);
      int owner = ranks.get(0).owner(position);
      requireShard(position, owner);
      TokenPlacement own = ranks.get(owner);
      int slot = own.slot(position);
      int expected = next[owner]++;
      same(
          expected,
          slot,
          at(
              position,
              () ->
                  "it is token %d of shard %d, counted from 0, and has slot %d"
                      .formatted(expected, owner, slot)));
      int back = own.position(owner, slot);
      same(
          position,
          back,
          at(
              position,
              () -> "slot %d of shard %d leads back to position %d".formatted(slot, owner, back)));
      int rank = position % shards;
      int otherSlot = ranks.get(rank).slot(position);
      int other = ranks.get(rank).position(owner, slot);
      require(
          other == position && otherSlot == slot,
          at(
              position,
              () ->
                  "by rank %d it has slot %d of shard %d, and slot %d leads back to position %d"
                      .formatted(rank, otherSlot, owner, slot, other)));
      if (given.rule() instanceof PlacementRule.VirtualPages pages) {
        int page = slot / pages.pageSlots();
        int right = pages.page(position);
        same(
            right,
            page,
            at(position, () -> "expected it in page %d, got %d".formatted(right, page)));
      }
    }
  }

  /** Checks that no token of an earlier step has moved. */
  private void growth(PlacedRequest request) {
    List<TokenPlacement> later = placed(request);
    for (int step = 1; step < request.steps().size(); step++) {
      PlacedRequest earlier = request.after(step);
      List<TokenPlacement> ranks = placed(earlier);
      for (int position = first(earlier); position < earlier.tokens(); position++) {
        rowOf(request, position);
        int owner = ranks.get(0).owner(position);
        int now = later.get(0).owner(position);
        requireShard(position, owner);
        int slot = ranks.get(owner).slot(position);
        int nowSlot = later.get(owner).slot(position);
        require(
            owner == now && slot == nowSlot,
            at(
                position,
                () ->
                    "it moves from slot %d of shard %d to slot %d of shard %d as the request grows from %d to %d tokens"
                        .formatted(slot, owner, nowSlot, now, earlier.tokens(), request.tokens())));
      }
    }
  }

  /** A row's slot is that of its token, whatever other requests bring. */
  private void step(int number) {
    PlacementStep step = given.step(number);
    if (step.rows() > MOST_POSITIONS) {
      return;
    }
    for (int rank = 0; rank < shards; rank++) {
      called();
      int[] slots = subject.slots(given.rule(), step, rank);
      int own = rank;
      require(
          slots.length == step.rows(),
          () ->
              "rank %d: expected slots of %d rows in step %d, got %d"
                  .formatted(own, step.rows(), number, slots.length));
      int row = 0;
      for (int request = 0; request < step.requests().size(); request++) {
        TokenPlacement placed = placed(step.requests().get(request), rank);
        for (int i = 0; i < step.brought(request); i++) {
          int position = step.cached(request) + i;
          int expected =
              placed.owner(position) == rank ? placed.slot(position) : PlacementUnderTest.ELSEWHERE;
          int got = slots[row++];
          int of = request;
          row(() -> PlacementTraits.of(given.rule(), step, of, position));
          same(
              expected,
              got,
              () ->
                  "rank %d, step %d, request %d, position %d: expected %s, got %s"
                      .formatted(own, number, of, position, place(expected), place(got)));
        }
      }
    }
  }

  private void rowOf(PlacedRequest request, int position) {
    row(() -> PlacementTraits.of(given.rule(), request, position));
  }

  private static String place(int slot) {
    return slot == PlacementUnderTest.ELSEWHERE ? "no slot" : "slot " + slot;
  }

  private List<TokenPlacement> placed(PlacedRequest request) {
    List<TokenPlacement> ranks = new ArrayList<>();
    for (int rank = 0; rank < shards; rank++) {
      ranks.add(placed(request, rank));
    }
    return ranks;
  }

  private TokenPlacement placed(PlacedRequest request, int rank) {
    called();
    return subject.placed(given.rule(), request, rank);
  }

  private void requireShard(int position, int owner) {
    require(
        owner >= 0 && owner < shards,
        at(position, () -> "expected a shard below %d, got %d".formatted(shards, owner)));
  }

  private static Supplier<String> at(int position, Supplier<String> what) {
    return () -> "position %d: %s".formatted(position, what.get());
  }

  private static int first(PlacedRequest request) {
    return Math.max(0, request.tokens() - MOST_POSITIONS);
  }
}
