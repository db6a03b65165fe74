package dev.helix.runtime.sharded.reference;

import java.util.function.IntUnaryOperator;

/**
 * The slots of a rank's cache that a query attends to, one after the other.
 *
 * @param range as many numbers as it attends to slots: the slots themselves, if nothing is wrong
 * @param keys the slot whose key is read in place of a number of the range
 * @param values the slot whose value is read
 */
public record SlotChoice(SlotRange range, IntUnaryOperator keys, IntUnaryOperator values) {
  /** All slots of a range, each once. */
  static SlotChoice of(SlotRange range) {
    return new SlotChoice(range, IntUnaryOperator.identity(), IntUnaryOperator.identity());
  }

  /** The same slots, and the last of them once more. */
  public SlotChoice withTheLastTwice() {
    int to = range.to();
    IntUnaryOperator slots = slot -> Math.min(slot, to - 1);
    return range.count() == 0
        ? this
        : new SlotChoice(new SlotRange(range.from(), to + 1), slots, slots);
  }

  /** The same slots without some that lie between others. */
  public SlotChoice without(SlotRange left) {
    if (left.from() <= range.from() || left.to() >= range.to()) {
      return this;
    }
    IntUnaryOperator slots = slot -> slot < left.from() ? slot : slot + left.count();
    return new SlotChoice(new SlotRange(range.from(), range.to() - left.count()), slots, slots);
  }

  /** The same keys with the values of other slots. */
  public SlotChoice withValuesOf(IntUnaryOperator others) {
    return new SlotChoice(range, keys, others);
  }
}
