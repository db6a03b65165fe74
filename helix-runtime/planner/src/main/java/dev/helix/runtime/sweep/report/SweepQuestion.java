package dev.helix.runtime.sweep.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.timing.report.TimeReport.Formats;
import java.util.List;

/**
 * What a sweep was asked, as reports repeat it.
 *
 * @param machine GPU and preset
 * @param formats number formats, as fields of the question
 * @param space what was tried
 */
public record SweepQuestion(
    String model,
    int context,
    @JsonUnwrapped MachineNames machine,
    @JsonUnwrapped Formats formats,
    @JsonUnwrapped Space space) {
  /** The names of a machine. */
  public record MachineNames(String gpu, String preset) {}

  /**
   * What was tried.
   *
   * @param gpus the most GPUs of an instance
   */
  public record Space(int gpus, List<String> strategies, List<Integer> batches) {
    public Space {
      strategies = List.copyOf(strategies);
      batches = List.copyOf(batches);
    }
  }

  /** The question in words. */
  public String title() {
    return "%s at %d tokens on %s, %s; up to %d GPUs"
        .formatted(model, context, machine.gpu(), machine.preset(), space.gpus());
  }
}
