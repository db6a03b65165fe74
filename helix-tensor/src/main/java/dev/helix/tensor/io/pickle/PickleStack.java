package dev.helix.tensor.io.pickle;

import java.util.ArrayList;
import java.util.List;

/** The stack of a pickle's machine, with marks between values. */
final class PickleStack {
  private final PickleBytes in;
  private final List<PickleValue> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  PickleStack(PickleBytes in) {
    this.in = in;
  }

  void push(PickleValue value) {
    values.add(value);
  }

  void mark() {
    marks.add(values.size());
  }

  PickleValue peek() {
    require(1);
    return values.get(values.size() - 1);
  }

  PickleValue pop() {
    require(1);
    return values.remove(values.size() - 1);
  }

  /** Drops the topmost value, or the topmost mark if it is above all values. */
  void discard() {
    if (!marks.isEmpty() && marks.get(marks.size() - 1) == values.size()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
  }

  /** Takes off the topmost values, and returns them in the order in which they were pushed. */
  List<PickleValue> pop(int count) {
    require(count);
    return cut(values.size() - count);
  }

  /** Takes off the values above the topmost mark, and the mark. */
  List<PickleValue> popMark() {
    if (marks.isEmpty()) {
      throw in.refused("a mark on the stack", "none");
    }
    return cut(marks.remove(marks.size() - 1));
  }

  boolean isEmpty() {
    return values.isEmpty() && marks.isEmpty();
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> top = values.subList(from, values.size());
    List<PickleValue> copy = List.copyOf(top);
    top.clear();
    return copy;
  }

  private void require(int count) {
    int below = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (values.size() - below < count) {
      throw in.refused(
          "%d values on the stack".formatted(count), (values.size() - below) + " of them");
    }
  }
}
