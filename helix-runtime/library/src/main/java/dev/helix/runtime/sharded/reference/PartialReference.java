package dev.helix.runtime.sharded.reference;

import dev.helix.attention.bounds.KernelErrorBound;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.tally.Place;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongConsumer;

/**
 * The partial attention of one rank by the textbook's formula, from the queries, keys and values
 * that it dumped, in double precision with compensated sums and in memory that does not depend on
 * the number of tokens.
 */
public final class PartialReference {
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
          group(rank, reading, token, kvHead).attend(states, digits, progress);
        }
      }
    }
    return states;
  }

  /**
   * The scores of one head of one token with the slots of a rank's cache, each computed when it is
   * asked for.
   */
  public IntToDoubleFunction scores(RankStep rank, LocalReading reading, int token, int head) {
    QueryGroup group = group(rank, reading, token, reading.kvHead().applyAsInt(head));
    return slot -> group.score(head, slot);
  }

  /**
   * What a row depends on beside the softmax scale.
   *
   * @param components how many components of values are read
   */
  public RowTerms terms(RankStep rank, LocalReading reading, Place row, int components) {
    int kvHead = reading.kvHead().applyAsInt(row.head());
    return RowTerms.of(group(rank, reading, row.token(), kvHead), reading, row.head(), components);
  }

  private QueryGroup group(RankStep rank, LocalReading reading, int token, int kvHead) {
    return new QueryGroup(facts, bound, rank, reading, new QueryGroup.Place(token, kvHead));
  }
}
