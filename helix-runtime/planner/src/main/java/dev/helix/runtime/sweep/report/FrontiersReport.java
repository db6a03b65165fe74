package dev.helix.runtime.sweep.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Frontiers;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The frontiers of a sweep as {@code frontiers.json} has them. Component names are the names of the
 * JSON fields.
 *
 * @param considered how many configurations are legal
 * @param uncounted how many of them are left out because their counts overflow
 * @param fit how many of them fit into memory
 * @param idleGpusCount whether GPUs of the domain that no instance uses count in tokens/s/GPU
 * @param withinTtl the best configuration within each TTL
 */
public record FrontiersReport(
    SweepQuestion question,
    int considered,
    int uncounted,
    int fit,
    boolean idleGpusCount,
    List<OfStrategy> frontiers,
    List<WithinTtl> withinTtl) {
  /** The report of a sweep. */
  public static FrontiersReport of(SweepQuestion question, Sweep sweep, Frontiers found) {
    List<OfStrategy> frontiers = new ArrayList<>();
    found.each().forEach((kind, own) -> frontiers.add(frontier(kind.toString(), own)));
    frontiers.add(frontier("all", found.all()));
    return new FrontiersReport(
        question,
        sweep.considered(),
        sweep.uncounted(),
        sweep.points().size(),
        false,
        frontiers,
        SweepTable.TTL_MILLIS.stream()
            .map(
                millis ->
                    new WithinTtl(
                        millis, SweepTable.bestWithin(found.all(), millis).map(Fields::of)))
            .toList());
  }

  private static OfStrategy frontier(String name, Frontier frontier) {
    return new OfStrategy(name, frontier.points().stream().map(Fields::of).toList());
  }

  /** The frontier of one strategy, or of all. */
  public record OfStrategy(String strategy, List<Fields> points) {}

  /** The best configuration within a TTL; none if nothing is as fast. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record WithinTtl(int ttlMillis, Optional<Fields> best) {}

  /**
   * A configuration and its time.
   *
   * @param options the options with which {@code helix time} shows the step
   * @param hopBPieces number of equal pieces of HOP-B; 1 if it is off
   * @param accounting how overhead and latency of pieces count; left out if HOP-B is off
   * @param memoryBytes what the GPU that needs most memory holds
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Fields(
      String strategy,
      String options,
      int gpus,
      int batch,
      int microBatches,
      int hopBPieces,
      Optional<String> accounting,
      double ttlMicros,
      double tokensPerSecondPerUser,
      double tokensPerSecondPerGpu,
      long memoryBytes) {
    /** The fields of a point. */
    public static Fields of(Point point) {
      Configuration one = point.configuration();
      return new Fields(
          one.plan().kind().toString(),
          one.timeOptions(),
          one.plan().gpus(),
          one.batch(),
          one.microBatches(),
          one.hopB().pieces(),
          Optional.of(one.hopB()).filter(HopB::isOn).map(on -> on.accounting().toString()),
          point.ttlMicros(),
          point.tokensPerSecondPerUser(),
          point.tokensPerSecondPerGpu(),
          point.memoryBytes());
    }
  }
}
