package dev.helix.runtime.trace.batch;

import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The different works of a step, whose sizes depend on the batch. */
final class SizedWorks {
  private final List<SizedOperation> distinct = new ArrayList<>();
  private final Map<Object, Integer> numbers = new HashMap<>();

  /** The number of an operation's work, which is that of the first operation with the same work. */
  int numberOf(SizedOperation operation) {
    int number = numbers.computeIfAbsent(operation.work(), first -> distinct.size());
    if (number == distinct.size()) {
      distinct.add(operation);
    }
    return number;
  }

  /** An operation for each work, with its sizes. */
  List<Operation> at(double... quantities) {
    List<Operation> sized = new ArrayList<>(distinct.size());
    for (SizedOperation work : distinct) {
      sized.add(work.at(quantities));
    }
    return sized;
  }
}
