package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.timing.schedule.Slot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The time of a step as {@code helix time --json} writes it. Component names are the names of the
 * JSON fields.
 *
 * @param interval range of the TTL; left out for a preset that was not fitted
 * @param extrapolated what goes beyond any measurement, one sentence each
 * @param rates how fast a user gets tokens, as fields of the report
 * @param memory what the step takes of the memory of GPUs
 * @param serialMicros time of all operations one after the other
 * @param phases for each phase the part of the TTL that nothing hides; the sum is {@code ttlMicros}
 * @param operations one entry for each operation at each place, in the order of the program
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TimeReport(
    StepQuestion question,
    double ttlMicros,
    Optional<TtlInterval> interval,
    List<String> extrapolated,
    @JsonUnwrapped TokenRates rates,
    MemoryReport memory,
    double serialMicros,
    CriticalPath criticalPath,
    List<PhaseShare> phases,
    List<OperationFields> operations) {

  /** The report of a step. */
  public static TimeReport of(StepQuestion question, StepTime time, MemoryReport memory) {
    return new TimeReport(
        question,
        time.ttlMicros(),
        time.interval(),
        time.extrapolated(),
        TokenRates.of(time, question.drafts()),
        memory,
        time.schedule().serialMicros(),
        CriticalPath.of(time),
        PhaseShare.of(time),
        time.rows().stream().map(OperationFields::of).toList());
  }

  /**
   * The question that the user asked.
   *
   * @param drafts what the step verifies, as fields of the question
   * @param spread strategy and widths, as fields of the question
   * @param formats number formats, as fields of the question
   * @param accounting how the pieces of HOP-B are counted: idealised or per-piece
   * @param load the load of the experts; left out for a model without experts
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record StepQuestion(
      String model,
      String gpu,
      String preset,
      int context,
      int batch,
      @JsonUnwrapped Drafts drafts,
      @JsonUnwrapped Spread spread,
      @JsonUnwrapped Formats formats,
      boolean hopB,
      String accounting,
      Optional<String> load) {
    /** The question in words, as one line with its line break. */
    public String title() {
      return "%s on %d %s, %s: %s; %d requests of %d tokens%s; %s; HOP-B %s%s%n"
          .formatted(
              model,
              spread.gpus(),
              gpu,
              preset,
              spread.words(),
              batch,
              context,
              drafts.words(),
              formats.words(),
              hopB ? "on" : "off",
              load.map(name -> "; experts' load " + name).orElse(""));
    }
  }

  /**
   * The number formats of a deployed model.
   *
   * @param weights format of all weights that have none of their own
   * @param attentionWeights format of the projections of attention and of the head
   * @param ffnWeights format of dense FFNs
   * @param expertWeights format of experts
   * @param kv format of the KV cache
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Formats(
      String weights,
      Optional<String> attentionWeights,
      Optional<String> ffnWeights,
      Optional<String> expertWeights,
      String kv) {
    private String words() {
      return "weights %s%s%s%s, KV cache %s"
          .formatted(
              weights,
              attentionWeights.map(own -> ", of attention " + own).orElse(""),
              ffnWeights.map(own -> ", of FFNs " + own).orElse(""),
              expertWeights.map(own -> ", of experts " + own).orElse(""),
              kv);
    }
  }

  /**
   * The longest chain of results, as if no stream were ever busy.
   *
   * @param micros its length; at most the TTL
   * @param operations how many launches and transfers it has, by name
   */
  public record CriticalPath(double micros, Map<String, Integer> operations) {
    static CriticalPath of(StepTime time) {
      Map<String, Integer> names = new LinkedHashMap<>();
      List<Slot> path = time.schedule().criticalPath();
      path.forEach(slot -> names.merge(slot.operation().name(), 1, Integer::sum));
      return new CriticalPath(time.schedule().criticalPathMicros(), names);
    }
  }

  /** The part of the TTL that a phase takes. */
  public record PhaseShare(String phase, double micros, double share) {
    static List<PhaseShare> of(StepTime time) {
      double ttl = time.ttlMicros();
      return time.schedule().exposedMicros().entrySet().stream()
          .map(e -> new PhaseShare(e.getKey().toString(), e.getValue(), e.getValue() / ttl))
          .toList();
    }
  }

  /** The operations of one name at one place. */
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
