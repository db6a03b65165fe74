package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.LocalTokens;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.reference.SlotRange;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Finds pages and runs, neither first nor last, without which the wrong log-sum-exps of a query
 * token are right. There are too many of them to try each on everything; but all heads lack the
 * same one, and what is left of a log-sum-exp without it follows from its own: ln(e^L − e^M).
 */
final class MissingBlocks {
  /** More scores are not computed for it. */
  private static final long MOST_SCORES = 1 << 22;

  /** Where more of them fit, bounds do not tell which is missing. */
  private static final int MOST_FITTING = 4;

  /** What a score's weight, its addition and the logarithm round, and that of what is left. */
  private static final double ROUNDED = 8 * 0x1p-53;

  private final ShardedStep step;
  private final LocalReading right;
  private final PartialReference reference;

  MissingBlocks(ShardedStep step, LocalReading right, PartialReference reference) {
    this.step = step;
    this.right = right;
    this.reference = reference;
  }

  /** A request on a rank. */
  private record Part(int rank, int request) {}

  /** Ways to attend without a block, by their names. */
  Map<String, LocalTokens> all() {
    Map<String, Set<Part>> parts = new LinkedHashMap<>();
    Map<String, SlotRange> blocks = new LinkedHashMap<>();
    long scores = 0;
    for (RankStep rank : step.ranks()) {
      for (int token = 0; token < step.facts().tokens().size(); token++) {
        QueryToken query = step.facts().tokens().get(token);
        SlotRange range = range(rank, query);
        scores += (long) range.count() * step.facts().shape().heads();
        if (!rank.has(StepTensor.PARTIAL_LSE) || scores > MOST_SCORES) {
          continue;
        }
        Map<String, SlotRange> fitting = fitting(rank, token, range);
        blocks.putAll(fitting);
        fitting
            .keySet()
            .forEach(
                name ->
                    parts
                        .computeIfAbsent(name, block -> new HashSet<>())
                        .add(new Part(rank.rank(), query.request())));
      }
    }
    Map<String, LocalTokens> all = new LinkedHashMap<>();
    blocks.forEach((name, block) -> all.put(name, without(block, parts.get(name))));
    return all;
  }

  private LocalTokens without(SlotRange block, Set<Part> parts) {
    return right
        .tokens()
        .withChoices(
            (rank, token, choice, slots) ->
                parts.contains(new Part(rank, token.request())) ? choice.without(block) : choice);
  }

  private SlotRange range(RankStep rank, QueryToken token) {
    return right
        .tokens()
        .choice(rank.rank(), token, rank.cache().orElseThrow().slots(token.request()))
        .range();
  }

  /** The blocks without which the log-sum-exps of a token fit, if some are wrong. */
  private Map<String, SlotRange> fitting(RankStep rank, int token, SlotRange range) {
    Map<String, SlotRange> all = new LinkedHashMap<>();
    RowStates whole = reference.of(rank, right, wanted -> wanted == token);
    if (!isWrong(rank, token, whole)) {
      return all;
    }
    int page = rank.cache().orElseThrow().pageSize();
    int run = step.facts().owners().longestRun();
    for (int size : new LinkedHashSet<>(List.of(page, run))) {
      BitSet fitting = size > 1 ? between(range, size) : new BitSet();
      int heads = step.facts().shape().heads();
      for (int head = 0; head < heads && !fitting.isEmpty(); head++) {
        keepFitting(fitting, rank, token * heads + head, size, whole);
      }
      if (fitting.cardinality() <= MOST_FITTING) {
        fitting.stream()
            .mapToObj(block -> new SlotRange(block * size, (block + 1) * size))
            .forEach(
                block ->
                    all.put(
                        "the %s of slots %d to %d missing"
                            .formatted(size == page ? "page" : "run", block.from(), block.to() - 1),
                        block));
      }
    }
    return all;
  }

  /** The blocks that lie wholly within a range and touch neither of its ends. */
  private static BitSet between(SlotRange range, int size) {
    int first = range.from() / size + 1;
    int behind = (range.to() - 1) / size;
    BitSet between = new BitSet();
    between.set(first, Math.max(first, behind));
    return between;
  }

  private boolean isWrong(RankStep rank, int token, RowStates whole) {
    int heads = step.facts().shape().heads();
    for (int row = token * heads; row < (token + 1) * heads; row++) {
      if (!(Math.abs(dumped(rank, row) - whole.lse(row)) <= whole.lseBound(row))) {
        return true;
      }
    }
    return false;
  }

  private double dumped(RankStep rank, int row) {
    return step.facts()
        .forms()
        .convention()
        .base()
        .toNatural(rank.get(StepTensor.PARTIAL_LSE)[row]);
  }

  /** Leaves of some blocks those without which a row's log-sum-exp may be as it was dumped. */
  private void keepFitting(BitSet blocks, RankStep rank, int row, int size, RowStates whole) {
    int heads = step.facts().shape().heads();
    IntToDoubleFunction scores = reference.scores(rank, right, row / heads, row % heads);
    double dumped = dumped(rank, row);
    for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
      double share = 0;
      for (int slot = block * size; slot < (block + 1) * size; slot++) {
        share += Math.exp(scores.applyAsDouble(slot) - whole.lse(row));
      }
      double left = whole.lse(row) + Math.log1p(-share);
      double rounded = ROUNDED * size / (1 - share);
      if (!(Math.abs(left - dumped) <= whole.lseBound(row) + rounded)) {
        blocks.clear(block);
      }
    }
  }
}
