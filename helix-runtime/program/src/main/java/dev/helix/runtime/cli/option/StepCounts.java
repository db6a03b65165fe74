package dev.helix.runtime.cli.option;

import dev.helix.runtime.sweep.CountOverflow;
import dev.helix.tensor.InvalidInputException;
import java.util.function.Supplier;

/** Refuses a step so large that its FLOPs, elements or bytes are beyond what is counted. */
public final class StepCounts {
  private StepCounts() {}

  /**
   * What is computed from the counts of steps.
   *
   * @param options the options that say how large a step is
   * @throws InvalidInputException naming them if a count overflows
   */
  public static <T> T counted(String options, Supplier<T> steps) {
    try {
      return steps.get();
    } catch (ArithmeticException e) {
      if (!CountOverflow.is(e)) {
        throw e;
      }
      throw new InvalidInputException(
          options
              + ": expected fewer tokens; the FLOPs, elements or bytes of a step are more than can"
              + " be counted");
    }
  }
}
