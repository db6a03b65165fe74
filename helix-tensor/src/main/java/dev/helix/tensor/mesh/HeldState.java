package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;

/**
 * How the ranks of a group hold a hidden state {@code [batch, hidden]} between two parts of a
 * model. A strategy states for each part how the part takes the state and how it leaves it; where
 * the two do not fit, an exchange is missing. In Helix every part leaves a state that is {@link
 * Replicated} on all ranks (Helix Parallelism §2.1, §2.2).
 *
 * <p>Ranks outside of the group hold nothing of the state. On a group of one rank all ways are the
 * same: that rank has the whole.
 */
public sealed interface HeldState
    permits HeldState.Replicated,
        HeldState.SplitByBatch,
        HeldState.SplitBySequence,
        HeldState.PartialSum {
  /** The ranks that hold it. */
  Group group();

  /**
   * Every member has the whole state, with the same bits.
   *
   * @param group the ranks that hold it
   */
  record Replicated(Group group) implements HeldState {
    @Override
    public String toString() {
      return "replicated on " + group;
    }
  }

  /**
   * Each member has the rows of some requests, and no two members have the same row: the i-th
   * member has the i-th run of rows, {@code [batch=own, hidden]}. Runs may differ in length and be
   * empty.
   *
   * @param group the ranks that hold it, in the order of their runs
   */
  record SplitByBatch(Group group) implements HeldState {
    @Override
    public String toString() {
      return "split by batch over " + group;
    }
  }

  /**
   * Each member has the rows of some query tokens of every request, in the order of the sequence:
   * the i-th member has the i-th run. In a step with one token for each request there is nothing to
   * split in this way.
   *
   * @param group the ranks that hold it, in the order of their runs
   */
  record SplitBySequence(Group group) implements HeldState {
    @Override
    public String toString() {
      return "split by sequence over " + group;
    }
  }

  /**
   * Each member has one term {@code [batch, hidden]} of a sum; the state is the sum of all terms in
   * the order of the group.
   *
   * @param group the ranks that hold the terms
   */
  record PartialSum(Group group) implements HeldState {
    @Override
    public String toString() {
      return "a partial sum over " + group;
    }
  }

  /**
   * Whether a part that needs the state held as {@code needed} can take this one without an
   * exchange. It can if the same ranks hold it in the same way, or if it is replicated and the
   * ranks that need it are among those that have it. The names of the groups make no difference.
   */
  default boolean fits(HeldState needed) {
    boolean whole = this instanceof Replicated || group().size() == 1;
    boolean needsWhole = needed instanceof Replicated || needed.group().size() == 1;
    if (whole && needsWhole) {
      return group().ranks().containsAll(needed.group().ranks());
    }
    return getClass() == needed.getClass() && group().ranks().equals(needed.group().ranks());
  }

  /**
   * Checks that the state that one part leaves is what the next part needs.
   *
   * @param from the part that leaves this state, for the message
   * @param to the part that needs the other state, for the message
   * @throws IllegalArgumentException naming both parts and both states if the state does not {@link
   *     #fits fit}
   */
  default void requireFits(String from, String to, HeldState needed) {
    if (!fits(needed)) {
      throw new IllegalArgumentException(
          "%s leaves the hidden state %s, but %s needs it %s: an exchange is missing between them"
              .formatted(from, this, to, needed));
    }
  }
}
