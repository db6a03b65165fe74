package dev.helix.runtime.sweep.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.timing.report.TimeReport.Formats;
import java.util.List;
import java.util.Optional;

/**
 * What a sweep was asked, as reports repeat it.
 *
 * @param served what is served, as fields of the question
 * @param machine GPU, preset and reserve, as fields of the question
 * @param formats number formats, as fields of the question
 * @param space what was tried, as fields of the question
 */
public record SweepQuestion(
    @JsonUnwrapped Served served,
    @JsonUnwrapped MachineNames machine,
    @JsonUnwrapped Formats formats,
    @JsonUnwrapped Space space) {
  /**
   * What is served.
   *
   * @param context number of tokens to which each request attends
   * @param load the load of the experts; left out for a model without experts
   * @param time the command of {@code helix time} that shows a step, without the options that
   *     belong to a configuration
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Served(String model, int context, Optional<String> load, String time) {}

  /**
   * The machine.
   *
   * @param reserve percent of a GPU's memory that are kept free
   */
  public record MachineNames(String gpu, String preset, double reserve) {}

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
    return "%s at %d tokens on %s, %s; up to %d GPUs%s"
        .formatted(
            served.model(),
            served.context(),
            machine.gpu(),
            machine.preset(),
            space.gpus(),
            served.load().map(load -> "; experts' load " + load).orElse(""));
  }
}
