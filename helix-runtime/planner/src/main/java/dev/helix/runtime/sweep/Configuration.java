package dev.helix.runtime.sweep;

import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.timing.schedule.Accounting;
import java.util.stream.IntStream;

/**
 * One way to serve a batch.
 *
 * @param plan strategy and widths
 * @param batch number of requests of all groups and micro-batches together
 * @param microBatches how many micro-batches are in the pipeline at once; 1 without stages
 */
public record Configuration(Plan plan, int batch, HopB hopB, int microBatches) {
  /** The strategy as it runs by itself, with HOP-B by request if it is on, and micro-batches. */
  public Strategy strategy() {
    if (plan.strategy() instanceof PipelineStrategy pipeline) {
      return new PipelineStrategy(pipeline.pp(), pipeline.stage(), microBatches);
    }
    return hopB.isOn() ? plan.withHopB() : plan.strategy();
  }

  /** Number of requests that are computed at once: those of one micro-batch. */
  int rows() {
    return batch / microBatches;
  }

  /** The numbers of requests of all steps from which its time is found. */
  IntStream stepRows() {
    return hopB.isOn() && hopB.accounting() == Accounting.PER_PIECE
        ? IntStream.of(rows(), rows() / hopB.pieces())
        : IntStream.of(rows());
  }

  /** The options with which {@code helix time} shows the step of this configuration. */
  public String timeOptions() {
    return "--strategy "
        + plan.kind().timed()
        + " "
        + plan.options()
        + (microBatches > 1 ? " --micro-batches " + microBatches : "")
        + " --batch "
        + batch
        + (hopB.isOn() ? hopBOptions() : "");
  }

  private String hopBOptions() {
    boolean byRequest = hopB.pieces() == batch / plan.groups();
    return " --hop-b on --accounting "
        + hopB.accounting()
        + (byRequest ? "" : " --pieces " + hopB.pieces());
  }

  @Override
  public String toString() {
    return "%s %s, B %d%s%s"
        .formatted(
            plan.kind(),
            plan.words(),
            batch,
            hopB.isOn() ? ", HOP-B " + hopB : "",
            plan.stages() > 1 ? ", " + microBatches + " micro-batches" : "");
  }
}
