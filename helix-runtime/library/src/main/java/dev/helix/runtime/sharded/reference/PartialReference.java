package dev.helix.runtime.sharded.reference;

import dev.helix.attention.QueryToken;
import dev.helix.attention.baseline.ScoreFormula;
import dev.helix.attention.bounds.KernelErrorBound;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The partial attention of one rank by the textbook's formula, from the queries, keys and values
 * that it dumped, in double precision with compensated sums and in memory that does not depend on
 * the number of tokens.
 */
public final class PartialReference {
  private static final int BLOCK = 256;

  private final StepFacts facts;
  private final KernelErrorBound bound;
  private final LongConsumer progress;
  private final Digits digits;

  /**
   * Creates the reference in double precision.
   *
   * @param progress is told how many tokens of the cache were read
   */
  public PartialReference(StepFacts facts, LongConsumer progress) {
    this(facts, Digits.DOUBLE, progress);
  }

  /**
   * Creates the reference.
   *
   * @param progress is told how many tokens of the cache were read
   */
  public PartialReference(StepFacts facts, Digits digits, LongConsumer progress) {
    this.digits = digits;
    this.facts = facts;
    this.bound = new KernelErrorBound(facts.forms().kernel(), facts.shape().keyDim());
    this.progress = progress;
  }

  /** The states of all rows of a rank that attends in this way. */
  public RowStates of(RankStep rank, LocalReading reading) {
    return of(rank, reading, token -> true);
  }

  /**
   * The states of the rows of some query tokens; all other rows are empty.
   *
   * @param wanted the indices of these query tokens
   */
  public RowStates of(RankStep rank, LocalReading reading, IntPredicate wanted) {
    StepShape shape = facts.shape();
    RowStates states = new RowStates(facts.tokens().size() * shape.heads(), shape.valueDim());
    for (int token = 0; token < facts.tokens().size(); token++) {
      if (wanted.test(token)) {
        for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
          new Group(rank, reading, token, kvHead).attend(states);
        }
      }
    }
    return states;
  }

  /**
   * The scores of one head of one token with the first slots of a rank's cache.
   *
   * @return {@code [slots]}
   */
  public double[] scores(RankStep rank, LocalReading reading, int token, int head, int slots) {
    Group group = new Group(rank, reading, token, reading.kvHead().applyAsInt(head));
    double[] key = new double[facts.shape().keyDim()];
    double[] scores = new double[slots];
    double[] errors = new double[slots];
    for (int slot = 0; slot < slots; slot++) {
      group.key(slot, key);
      group.score(head, key, group.distance(slot), scores, errors, slot);
    }
    return scores;
  }

  /** The query heads of one token that read one KV head. */
  private final class Group {
    private final LocalReading reading;
    private final QueryToken token;
    private final int rank;
    private final RankCache cache;
    private final int kvHead;
    private final int[] heads;
    private final int firstRow;
    private final double[] queries;
    private final RowSums[] sums;
    private final ScoreFormula formula;

    Group(RankStep step, LocalReading reading, int token, int kvHead) {
      this.reading = reading;
      this.token = facts.tokens().get(token);
      this.rank = step.rank();
      this.cache = step.cache().orElseThrow();
      this.kvHead = kvHead;
      this.heads =
          IntStream.range(0, facts.shape().heads())
              .filter(head -> reading.kvHead().applyAsInt(head) == kvHead)
              .toArray();
      this.firstRow = token * facts.shape().heads();
      this.queries = step.get(StepTensor.QUERY);
      this.sums = new RowSums[heads.length];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = new RowSums(facts.shape().valueDim());
      }
      this.formula = ScoreFormula.of(reading.scores());
    }

    void attend(RowStates states) {
      SlotRange range = reading.tokens().range(rank, token);
      int to = Math.min(range.to(), cache.slots(token.request()));
      for (int from = range.from(); from < to && heads.length > 0; from += BLOCK) {
        block(from, Math.min(to, from + BLOCK));
        progress.accept(Math.min(to, from + BLOCK) - from);
      }
      for (int i = 0; i < heads.length; i++) {
        double sink = reading.scores().sink(heads[i]);
        if (sink != Double.NEGATIVE_INFINITY && reading.sinks().counts(rank)) {
          sums[i].raise(sink);
          sums[i].weigh(sink, 0);
        }
        sums[i].finish(states, firstRow + heads[i], bound);
        if (digits == Digits.FIFTY) {
          decimal(heads[i], range.from(), to).finish(states, firstRow + heads[i]);
        }
      }
    }

    /** The same row with more digits. Bounds stay those that were computed in double precision. */
    private DecimalRow decimal(int head, int from, int to) {
      DecimalRow row = new DecimalRow(reading.scores(), head);
      double[] key = new double[facts.shape().keyDim()];
      double[] value = new double[facts.shape().valueDim()];
      for (int slot = from; slot < to; slot++) {
        key(slot, key);
        cache.value(token.request(), slot, kvHead, value);
        reading.scales().toValue(kvHead, value);
        row.add(queries, (firstRow + head) * key.length, key, value, distance(slot));
      }
      double sink = reading.scores().sink(head);
      if (sink != Double.NEGATIVE_INFINITY && reading.sinks().counts(rank)) {
        row.addSink(sink, value.length);
      }
      return row;
    }

    private void block(int from, int to) {
      StepShape shape = facts.shape();
      double[] vector = new double[shape.keyDim()];
      double[][] scores = new double[heads.length][to - from];
      double[][] errors = new double[heads.length][to - from];
      for (int slot = from; slot < to; slot++) {
        key(slot, vector);
        int distance = distance(slot);
        for (int i = 0; i < heads.length; i++) {
          score(heads[i], vector, distance, scores[i], errors[i], slot - from);
        }
      }
      double[] value = new double[shape.valueDim()];
      for (int i = 0; i < heads.length; i++) {
        for (double score : scores[i]) {
          sums[i].raise(score);
        }
      }
      for (int slot = from; slot < to; slot++) {
        cache.value(token.request(), slot, kvHead, value);
        reading.scales().toValue(kvHead, value);
        for (int i = 0; i < heads.length; i++) {
          sums[i].add(sums[i].weigh(scores[i][slot - from], errors[i][slot - from]), value);
        }
      }
    }

    private void key(int slot, double[] into) {
      cache.key(token.request(), slot, kvHead, into);
      reading.scales().toKey(kvHead, into);
    }

    private int distance(int slot) {
      return reading.tokens().distance(rank, token, slot);
    }

    private void score(
        int head, double[] key, int distance, double[] scores, double[] errors, int at) {
      int dim = key.length;
      int offset = (firstRow + head) * dim;
      double dot = 0;
      double magnitude = 0;
      for (int c = 0; c < dim; c++) {
        double product = queries[offset + c] * key[c];
        dot += product;
        magnitude += Math.abs(product);
      }
      double score = formula.of(dot, head, distance);
      scores[at] = score;
      errors[at] =
          bound.score(
              Math.abs(formula.scaled(magnitude)),
              score,
              formula.bias(head, distance),
              formula.softCap().isPresent());
    }
  }
}
