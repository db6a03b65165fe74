package dev.helix.runtime.sharded.verdict;

import dev.helix.attention.QueryToken;
import dev.helix.attention.convention.Convention;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.reference.SlotRange;
import dev.helix.runtime.sharded.tally.Place;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * Finds out whether the log-sum-exps of a token on a rank are those of its first, or last, tokens
 * alone: of a number of them for which every head fits.
 */
final class TokenFit {
  /**
   * What adding a token to a running sum rounds, relative to it: two exponentials of at most an
   * ulp, of which one is 1, a product and an addition.
   */
  private static final double ROUNDED = 4 * 0x1p-53;

  private final ShardedStep step;
  private final LocalReading reading;
  private final PartialReference reference;

  TokenFit(ShardedStep step, LocalReading reading) {
    this.step = step;
    this.reading = reading;
    this.reference = new PartialReference(step.facts(), tokens -> {});
  }

  /** The tokens to which all heads of a place's token fit, in words. */
  Optional<String> of(Place place) {
    RankStep rank = step.ranks().get(place.rank());
    if (!rank.has(StepTensor.PARTIAL_LSE)) {
      return Optional.empty();
    }
    QueryToken token = step.facts().tokens().get(place.token());
    SlotRange range = reading.tokens().range(place.rank(), token);
    int slots = rank.cache().orElseThrow().slots(token.request());
    if (range.from() > 0 || slots == 0) {
      return Optional.empty();
    }
    BitSet first = fitting(rank, place.token(), slots, false);
    int kept = range.count();
    if (first.cardinality() == 1) {
      int fits = first.nextSetBit(0);
      if (fits == kept) {
        return Optional.empty();
      }
      return Optional.of(
          fits <= kept
              ? "fits the first %d of its %d tokens".formatted(fits, kept)
              : "fits the first %d slots, but it has %d tokens".formatted(fits, kept));
    }
    BitSet last = fitting(rank, place.token(), kept, true);
    return first.isEmpty() && last.cardinality() == 1 && !last.get(kept)
        ? Optional.of("fits the last %d of its %d tokens".formatted(last.nextSetBit(0), kept))
        : Optional.empty();
  }

  /** The numbers of tokens, from 1 on, for which all heads fit. */
  private BitSet fitting(RankStep rank, int token, int slots, boolean fromTheEnd) {
    int heads = step.facts().shape().heads();
    BitSet fitting = new BitSet();
    fitting.set(1, slots + 1);
    Convention convention = step.facts().forms().convention();
    RowStates whole = reference.of(rank, reading, wanted -> wanted == token);
    for (int head = 0; head < heads && !fitting.isEmpty(); head++) {
      int row = token * heads + head;
      double got = convention.base().toNatural(rank.get(StepTensor.PARTIAL_LSE)[row]);
      IntToDoubleFunction scores = reference.scores(rank, reading, token, head);
      double greatest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int n = 1; n <= slots; n++) {
        double score = scores.applyAsDouble(fromTheEnd ? slots - n : n - 1);
        double larger = Math.max(greatest, score);
        sum = sum * Math.exp(greatest - larger) + Math.exp(score - larger);
        greatest = larger;
        double difference = Math.abs(greatest + Math.log(sum) - got);
        if (!(difference <= whole.lseBound(row) + ROUNDED * n)) {
          fitting.clear(n);
        }
      }
    }
    return fitting;
  }
}
