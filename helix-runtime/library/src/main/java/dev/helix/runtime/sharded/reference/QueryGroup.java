package dev.helix.runtime.sharded.reference;

import dev.helix.attention.QueryToken;
import dev.helix.attention.baseline.ScoreFormula;
import dev.helix.attention.bounds.KernelErrorBound;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepTensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The query heads of one token that read one KV head of a rank.
 *
 * <p>Long caches are cut into stretches, which all processors share. The cuts depend on the number
 * of tokens alone, and sums of stretches are added in their order; so the states have the same bits
 * on any number of processors.
 */
final class QueryGroup {
  /** A shorter cache is one stretch. */
  private static final int STRETCH = 1 << 14;

  /** More would keep more sums than the tokens are worth. */
  private static final int MOST_STRETCHES = 256;

  private final KernelErrorBound bound;
  private final LocalReading reading;
  private final QueryToken token;
  private final int rank;
  private final RankCache cache;
  private final SlotChoice choice;
  private final int kvHead;
  private final int[] heads;
  private final int firstRow;
  private final double[] queries;
  private final ScoreFormula formula;
  private final int keyDim;
  private final int valueDim;

  /**
   * Which rows of a step the group is.
   *
   * @param token index of the query token
   * @param kvHead index of the KV head
   */
  record Place(int token, int kvHead) {}

  QueryGroup(
      StepFacts facts, KernelErrorBound bound, RankStep step, LocalReading reading, Place place) {
    this.bound = bound;
    this.reading = reading;
    this.token = facts.tokens().get(place.token());
    this.rank = step.rank();
    this.cache = step.cache().orElseThrow();
    this.choice = reading.tokens().choice(rank, token, cache.slots(token.request()));
    this.kvHead = place.kvHead();
    this.heads =
        IntStream.range(0, facts.shape().heads())
            .filter(head -> reading.kvHead().applyAsInt(head) == kvHead)
            .toArray();
    this.firstRow = place.token() * facts.shape().heads();
    this.queries = step.get(StepTensor.QUERY);
    this.formula = ScoreFormula.of(reading.scores());
    this.keyDim = facts.shape().keyDim();
    this.valueDim = facts.shape().valueDim();
  }

  /** Writes the states of the group's rows. */
  void attend(RowStates states, Digits digits, LongConsumer progress) {
    SlotRange range = range();
    RowSums[] sums = newSums();
    if (heads.length > 0) {
      add(range.from(), range.to(), sums, progress);
    }
    for (int i = 0; i < heads.length; i++) {
      double sink = sink(heads[i]);
      if (sink != Double.NEGATIVE_INFINITY) {
        sums[i].raise(sink);
        sums[i].weigh(sink, 0);
      }
      sums[i].finish(states, firstRow + heads[i], bound);
      if (digits == Digits.FIFTY) {
        decimal(heads[i], range.from(), range.to()).finish(states, firstRow + heads[i]);
      }
    }
  }

  /** As many numbers as the token attends to slots, which are the slots if it reads right. */
  SlotRange range() {
    return choice.range();
  }

  /** The logit of a head's sink; −∞ if it has none, or if the rank does not count it. */
  double sink(int head) {
    return reading.sinks().counts(rank) ? reading.scores().sink(head) : Double.NEGATIVE_INFINITY;
  }

  private void add(int from, int to, RowSums[] sums, LongConsumer progress) {
    int count = Math.max(0, to - from);
    int stretch = Math.max(STRETCH, (count - 1) / MOST_STRETCHES + 1);
    IntStream.range(0, (count + stretch - 1) / stretch)
        .parallel()
        .mapToObj(
            i -> {
              int begin = from + i * stretch;
              int end = Math.min(to - begin, stretch) + begin;
              RowSums[] part = newSums();
              new GroupBlock(this).add(begin, end, part);
              return new Stretch(List.of(part), end - begin);
            })
        .forEachOrdered(
            part -> {
              for (int i = 0; i < sums.length; i++) {
                sums[i].add(part.sums.get(i));
              }
              progress.accept(part.tokens);
            });
  }

  private record Stretch(List<RowSums> sums, int tokens) {}

  private RowSums[] newSums() {
    RowSums[] sums = new RowSums[heads.length];
    Arrays.setAll(sums, i -> new RowSums(valueDim));
    return sums;
  }

  /** The same row with more digits. Bounds stay those that were computed in double precision. */
  private DecimalRow decimal(int head, int from, int to) {
    DecimalRow row = new DecimalRow(reading.scores(), head);
    double[] key = new double[keyDim];
    double[] value = new double[valueDim];
    for (int slot = from; slot < to; slot++) {
      key(slot, key);
      value(slot, value);
      row.add(queries, offset(head), key, value, distance(slot));
    }
    double sink = sink(head);
    if (sink != Double.NEGATIVE_INFINITY) {
      row.addSink(sink, value.length);
    }
    return row;
  }

  /** The score of one head with the token of a slot. */
  double score(int head, int slot) {
    double[] key = new double[keyDim];
    key(slot, key);
    return formula.of(product(head, key), head, distance(slot));
  }

  /** The product of one head's query and a key. */
  double product(int head, double[] key) {
    double dot = 0;
    for (int c = 0; c < keyDim; c++) {
      dot += queries[offset(head) + c] * key[c];
    }
    return dot;
  }

  /** Reads the key of a slot. */
  void key(int slot, double[] into) {
    cache.key(token.request(), choice.keys().applyAsInt(slot), kvHead, into);
    reading.scales().toKey(kvHead, into);
  }

  /** Reads the value of a slot. */
  void value(int slot, double[] into) {
    cache.value(token.request(), choice.values().applyAsInt(slot), kvHead, into);
    reading.scales().toValue(kvHead, into);
  }

  /** How many positions before the query the token of a slot is. */
  int distance(int slot) {
    return reading.tokens().distance(rank, token, choice.keys().applyAsInt(slot));
  }

  /** The heads, counted over all of the token. */
  int[] heads() {
    return heads;
  }

  /** Where the query of a head begins in {@link #queries()}. */
  int offset(int head) {
    return (firstRow + head) * keyDim;
  }

  double[] queries() {
    return queries;
  }

  ScoreFormula formula() {
    return formula;
  }

  KernelErrorBound bound() {
    return bound;
  }

  int keyDim() {
    return keyDim;
  }

  int valueDim() {
    return valueDim;
  }
}
