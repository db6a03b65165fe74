package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.runtime.sharded.OwnerRule;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.TokenOwners;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which rank keeps which token, by the rule that is given, or else by the dumped local lengths. */
final class OwnerFacts {
  /** What has to be said where a stage depends on positions. */
  static final String PLACEMENT = "the placement: give --run-length or --placement";

  private final GivenFacts given;
  private final List<RankStep> ranks;
  private final Optional<int[]> stated;
  private final int kvp;
  private int[] lengths = {};

  OwnerFacts(GivenFacts given, List<RankStep> ranks, Optional<int[]> stated, int kvp) {
    this.given = given;
    this.ranks = ranks;
    this.stated = stated;
    this.kvp = kvp;
  }

  /**
   * The number of tokens of each request.
   *
   * @throws InvalidInputException naming the rank and the request, if a local length is impossible
   */
  int[] lengths(int tokens) {
    requirePossible();
    if (stated.isPresent()) {
      lengths = stated.get().clone();
    } else if (haveLocalLengths()) {
      lengths = summed();
    } else {
      // Nothing says how long requests are, and no stage that can be judged asks for it.
      lengths = new int[tokens];
      Arrays.fill(lengths, 1);
    }
    return lengths.clone();
  }

  /**
   * Refuses local lengths that no rank can have: negative ones, and those above what all ranks
   * together have room for. Up to there a length may be wrong, as that of all ranks is.
   */
  private void requirePossible() {
    for (RankStep rank : ranks) {
      double[] local =
          rank.has(StepTensor.LOCAL_LENGTHS) ? rank.get(StepTensor.LOCAL_LENGTHS) : new double[0];
      for (int request = 0; request < local.length; request++) {
        long most = room(request);
        if (local[request] < 0 || local[request] > most) {
          throw new InvalidInputException(
              "rank %d: local lengths: expected 0 to %d tokens of request %d, got %.0f"
                  .formatted(rank.rank(), most, request, local[request]));
        }
      }
    }
  }

  /** The number of tokens that the pages of a request on all ranks have room for. */
  private long room(int request) {
    boolean known =
        ranks.stream()
            .allMatch(rank -> rank.cache().filter(cache -> request < cache.requests()).isPresent());
    return known
        ? ranks.stream().mapToLong(rank -> rank.cache().orElseThrow().slots(request)).sum()
        : Integer.MAX_VALUE;
  }

  private boolean haveLocalLengths() {
    return ranks.stream().allMatch(rank -> rank.has(StepTensor.LOCAL_LENGTHS));
  }

  private boolean haveLengths() {
    return stated.isPresent() || haveLocalLengths();
  }

  private int[] summed() {
    int[] sums = new int[ranks.get(0).get(StepTensor.LOCAL_LENGTHS).length];
    for (RankStep rank : ranks) {
      double[] local = rank.get(StepTensor.LOCAL_LENGTHS);
      if (local.length != sums.length) {
        throw new InvalidInputException(
            "rank %d: local lengths: expected %d requests, got %d"
                .formatted(rank.rank(), sums.length, local.length));
      }
      for (int request = 0; request < sums.length; request++) {
        sums[request] += (int) local[request];
      }
    }
    return sums;
  }

  /** Whether the rule was not given. */
  boolean areAssumed() {
    GivenFacts.Sharding sharding = given.sharding();
    return kvp > 1
        && sharding.rule() != GivenFacts.Rule.CONTIGUOUS
        && sharding.runLength().isEmpty();
  }

  TokenOwners owners() {
    GivenFacts.Sharding sharding = given.sharding();
    if (kvp == 1) {
      return new TokenOwners(1, lengths, (request, position) -> 0);
    }
    if (areAssumed()) {
      return new TokenOwners(kvp, lengths, asDumped());
    }
    return new TokenOwners(
        kvp,
        lengths,
        switch (sharding.rule()) {
          case ROUND_ROBIN ->
              OwnerRule.roundRobin(kvp, sharding.runLength().getAsInt(), sharding.phase());
          case CONTIGUOUS ->
              (request, position) ->
                  new ContiguousPlacement(kvp, Math.max(1, lengths[request])).owner(position);
          case FROM_FIRST_GENERATED ->
              OwnerRule.countedFromTheFirstGenerated(
                  kvp, sharding.runLength().getAsInt(), prompts(sharding));
        });
  }

  private int[] prompts(GivenFacts.Sharding sharding) {
    if (sharding.prompts().size() != lengths.length) {
      throw new InvalidInputException(
          "--prompts: expected %d lengths, one for each request's prompt, got %d"
              .formatted(lengths.length, sharding.prompts().size()));
    }
    return sharding.prompts().stream().mapToInt(Integer::intValue).toArray();
  }

  /** A rule with the right numbers of tokens, though not the right ones, on each rank. */
  private OwnerRule asDumped() {
    if (!haveLocalLengths()) {
      return (request, position) -> 0;
    }
    return (request, position) -> {
      int before = 0;
      for (RankStep rank : ranks) {
        before += (int) rank.get(StepTensor.LOCAL_LENGTHS)[request];
        if (position < before) {
          return rank.rank();
        }
      }
      return kvp - 1;
    };
  }

  /**
   * What lengths are taken, and where those that are given contradict the dump.
   *
   * @param dumped the lengths over all ranks that the dump says, if it does
   */
  List<String> remarks(Optional<int[]> dumped) {
    if (stated.isEmpty()) {
      return haveLocalLengths()
          ? List.of("lengths of requests are the sums of the local lengths")
          : List.of();
    }
    List<String> remarks = new ArrayList<>();
    Optional<int[]> other = dumped.or(() -> haveLocalLengths() ? Optional.of(summed()) : dumped);
    for (int request = 0; request < lengths.length; request++) {
      int said = other.isPresent() && request < other.get().length ? other.get()[request] : -1;
      if (given.lengths().isPresent() && said >= 0 && said != lengths[request]) {
        remarks.add(
            "request %d has %d tokens by --lengths, and %d by %s of the dump"
                .formatted(
                    request,
                    lengths[request],
                    said,
                    dumped.isPresent() ? "the lengths" : "the local lengths"));
      }
    }
    return remarks;
  }

  Map<Stage, String> unknown() {
    Map<Stage, String> unknown = new EnumMap<>(Stage.class);
    if (!haveLengths()) {
      String lengths = "lengths of requests: give --lengths";
      unknown.put(Stage.OWNERSHIP, lengths);
      unknown.put(Stage.PARTIAL, lengths);
      unknown.put(Stage.WHOLE, lengths);
    } else if (areAssumed()) {
      unknown.put(Stage.OWNERSHIP, PLACEMENT);
      if (!haveLocalLengths()) {
        unknown.put(Stage.PARTIAL, PLACEMENT);
        unknown.put(Stage.WHOLE, PLACEMENT);
      }
    }
    return unknown;
  }
}
