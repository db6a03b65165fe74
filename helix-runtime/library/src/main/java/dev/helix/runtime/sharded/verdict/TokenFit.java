package dev.helix.runtime.sharded.verdict;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.reference.SlotRange;
import dev.helix.runtime.sharded.tally.Place;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * Finds out whether the log-sum-exps of a token on a rank are those of its first, or last, tokens
 * alone: of a number of them, or of some numbers in a row, for which every head fits.
 *
 * <p>A single wrong log-sum-exp fits some number of tokens by chance where there are many, or where
 * bounds are wide. If it is as likely to be off by any amount up to the one that it is off by, it
 * fits a given number of tokens with a chance of its bound to that amount. That has to be small for
 * all the numbers of tokens that the other heads allow. Several wrong log-sum-exps have to agree.
 */
final class TokenFit {
  /**
   * What adding a token to a running sum rounds, relative to it: two exponentials of at most an
   * ulp, of which one is 1, a product and an addition.
   */
  private static final double ROUNDED = 4 * 0x1p-53;

  /** Of what is likelier by chance, a single number says nothing. */
  private static final double LUCK = 0.01;

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
    if (range.from() > 0 || range.count() == 0 || slots == 0) {
      return Optional.empty();
    }
    int kept = range.count();
    Heads heads = heads(rank, place.token());
    BitSet first = heads.fitting(slots, false);
    if (!first.isEmpty()) {
      return heads.speak(first, kept)
          ? Optional.of(ofFirst(first, kept) + heads.evidence() + open(first, kept))
          : Optional.empty();
    }
    BitSet last = heads.fitting(kept, true);
    return heads.speak(last, kept)
        ? Optional.of(
            "fits the last %s of its %d tokens".formatted(counts(last), kept)
                + heads.evidence()
                + open(last, kept))
        : Optional.empty();
  }

  private static String ofFirst(BitSet fitting, int kept) {
    return fitting.nextSetBit(0) <= kept
        ? "fits the first %s of its %d tokens".formatted(counts(fitting), kept)
        : "fits the first %s slots, but it has %d tokens".formatted(counts(fitting), kept);
  }

  private static String counts(BitSet fitting) {
    int least = fitting.nextSetBit(0);
    int most = fitting.length() - 1;
    return least == most ? Integer.toString(least) : "%d to %d".formatted(least, most);
  }

  /** Between which numbers of missing tokens the bounds do not decide. */
  private static String open(BitSet fitting, int kept) {
    int least = fitting.nextSetBit(0);
    int most = fitting.length() - 1;
    if (least == most) {
      return "";
    }
    return most < kept
        ? ": the bounds do not tell %d from %d missing tokens".formatted(kept - most, kept - least)
        : ": the bounds do not tell %d from %d slots too many".formatted(least - kept, most - kept);
  }

  private Heads heads(RankStep rank, int token) {
    RowStates whole = reference.of(rank, reading, wanted -> wanted == token);
    List<Head> heads = new ArrayList<>();
    for (int head = 0; head < step.facts().shape().heads(); head++) {
      int row = token * step.facts().shape().heads() + head;
      double dumped =
          step.facts().forms().convention().base().toNatural(rank.get(StepTensor.PARTIAL_LSE)[row]);
      heads.add(
          new Head(
              dumped,
              whole.lse(row),
              whole.lseBound(row),
              reference.scores(rank, reading, token, head)));
    }
    return new Heads(heads);
  }

  /**
   * One head's log-sum-exp in nats.
   *
   * @param scores of the slots
   */
  private record Head(double dumped, double right, double bound, IntToDoubleFunction scores) {
    boolean isWrong() {
      return !(Math.abs(dumped - right) <= bound);
    }

    /** The chance with which a number that is so far off fits a given one. */
    double luck() {
      double off = Math.abs(dumped - right);
      return Double.isFinite(off) ? bound / off : 0;
    }

    /** Leaves of some numbers of tokens those of which the log-sum-exp may be. */
    void keepFitting(BitSet counts, int slots, boolean fromTheEnd) {
      double greatest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int n = 1; n <= slots; n++) {
        double score = scores.applyAsDouble(fromTheEnd ? slots - n : n - 1);
        double larger = Math.max(greatest, score);
        sum = sum * Math.exp(greatest - larger) + Math.exp(score - larger);
        greatest = larger;
        double difference = Math.abs(greatest + Math.log(sum) - dumped);
        if (!(difference <= bound + ROUNDED * n)) {
          counts.clear(n);
        }
      }
    }
  }

  /** All heads of a query token. */
  private static final class Heads {
    private final List<Head> all;
    private final List<Head> wrong;

    /** How many numbers of tokens the right heads allow. */
    private int allowed;

    Heads(List<Head> all) {
      this.all = all;
      this.wrong = all.stream().filter(Head::isWrong).toList();
    }

    /** The numbers of tokens, from 1 on, for which all heads fit. */
    BitSet fitting(int slots, boolean fromTheEnd) {
      BitSet fitting = new BitSet();
      if (wrong.isEmpty()) {
        return fitting;
      }
      fitting.set(1, slots + 1);
      for (Head head : all) {
        if (!head.isWrong() && !fitting.isEmpty()) {
          head.keepFitting(fitting, slots, fromTheEnd);
        }
      }
      allowed = fitting.cardinality();
      for (Head head : wrong) {
        if (!fitting.isEmpty()) {
          head.keepFitting(fitting, slots, fromTheEnd);
        }
      }
      return fitting;
    }

    /** Whether numbers of tokens are some in a row, not of all tokens, and no chance. */
    boolean speak(BitSet fitting, int kept) {
      int least = fitting.nextSetBit(0);
      boolean inARow = least >= 0 && fitting.length() - least == fitting.cardinality();
      return inARow
          && !fitting.get(kept)
          && (wrong.size() > 1 || allowed * wrong.get(0).luck() <= LUCK);
    }

    /** How many numbers agree. */
    String evidence() {
      return all.size() == 1
          ? ", by one LSE alone"
          : ", as all LSEs of the query token do (%d of %d %s wrong)"
              .formatted(wrong.size(), all.size(), wrong.size() == 1 ? "is" : "are");
    }
  }
}
