package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.timing.schedule.Slot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step's time as {@code --json} writes it. Component names are the names of the JSON fields.
 *
 * @param memoryPerGpuBytes weights and KV cache of the GPU that holds most
 * @param capacityBytes what one GPU has
 * @param serialMicros all operations one after the other
 * @param phases of each phase the part of the TTL that nothing hides; the sum is {@code ttlMicros}
 * @param operations one for each operation of each place, in the order of the program
 */
public record TimeReport(
    StepQuestion question,
    double ttlMicros,
    double tokensPerSecondPerUser,
    double tokensPerSecondPerGpu,
    long memoryPerGpuBytes,
    long capacityBytes,
    double serialMicros,
    CriticalPath criticalPath,
    List<PhaseShare> phases,
    List<OperationFields> operations) {

  /** The report of a step. */
  public static TimeReport of(StepQuestion question, StepTime time) {
    return new TimeReport(
        question,
        time.ttlMicros(),
        time.tokensPerSecondPerUser(),
        time.tokensPerSecondPerGpu(),
        time.memoryPerGpuBytes(),
        time.machine().gpu().memoryBytes(),
        time.schedule().serialMicros(),
        CriticalPath.of(time),
        PhaseShare.of(time),
        time.rows().stream().map(OperationFields::of).toList());
  }

  /**
   * What was asked.
   *
   * @param accounting of the pieces of HOP-B: idealised or per-chunk
   * @param load of the experts; left out for a model without
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record StepQuestion(
      String model,
      String gpu,
      String preset,
      int context,
      int batch,
      int kvp,
      int tpa,
      int tpf,
      int ep,
      String weights,
      String kv,
      boolean hopB,
      String accounting,
      Optional<String> load) {
    /** The question in words: a line, ended. */
    public String title() {
      return "%s on %d %s, %s: KVP %d x TPA %d, TPF %d x EP %d; %d requests of %d tokens; weights %s, KV cache %s; HOP-B %s%s%n"
          .formatted(
              model,
              kvp * tpa,
              gpu,
              preset,
              kvp,
              tpa,
              tpf,
              ep,
              batch,
              context,
              weights,
              kv,
              hopB ? "on" : "off",
              load.map(name -> "; experts' load " + name).orElse(""));
    }
  }

  /**
   * The longest chain of results.
   *
   * @param micros its length; at most the TTL
   * @param operations how many launches and transfers are in it, by name
   */
  public record CriticalPath(double micros, Map<String, Integer> operations) {
    static CriticalPath of(StepTime time) {
      Map<String, Integer> names = new LinkedHashMap<>();
      List<Slot> path = time.schedule().criticalPath();
      path.forEach(slot -> names.merge(slot.operation().name(), 1, Integer::sum));
      return new CriticalPath(time.schedule().criticalPathMicros(), names);
    }
  }

  /** A phase's part of the TTL. */
  public record PhaseShare(String phase, double micros, double share) {
    static List<PhaseShare> of(StepTime time) {
      double ttl = time.ttlMicros();
      return time.schedule().exposedMicros().entrySet().stream()
          .map(e -> new PhaseShare(e.getKey().toString(), e.getValue(), e.getValue() / ttl))
          .toList();
    }
  }

  /** Operations of one name at one place. */
  public record OperationFields(
      String name,
      String phase,
      String place,
      String stream,
      int count,
      long flops,
      long hbmBytes,
      long wireBytes,
      double startMicros,
      double endMicros) {
    static OperationFields of(OperationRow row) {
      return new OperationFields(
          row.name(),
          row.phase().toString(),
          row.place().toString(),
          row.stream().toString(),
          row.count(),
          row.flops(),
          row.hbmBytes(),
          row.wireBytes(),
          row.startMicros(),
          row.endMicros());
    }
  }
}
