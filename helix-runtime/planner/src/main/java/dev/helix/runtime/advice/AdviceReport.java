package dev.helix.runtime.advice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.report.FrontiersReport;
import dev.helix.runtime.sweep.report.SweepQuestion;
import java.util.List;
import java.util.Optional;

/**
 * Advice as {@code helix advise --json} writes it. Component names are the names of the JSON
 * fields.
 *
 * @param choice the best layout and the runner-up, as fields of the report
 * @param why what holds up the best layout
 * @param certainty within which limits the choice stands
 * @param otherPreset what the other preset says; left out if there is none
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record AdviceReport(
    Question question,
    @JsonUnwrapped Choice choice,
    Why why,
    Certainty certainty,
    Optional<Other> otherPreset) {
  /** The report of some advice. */
  public static AdviceReport of(
      SweepQuestion question,
      Wish wish,
      Advice advice,
      Deployment deployment,
      Optional<OtherPreset> other) {
    return new AdviceReport(
        new Question(question, wish.ttlMillis(), wish.batch().stream().boxed().findFirst()),
        new Choice(
            FrontiersReport.Fields.of(advice.best()),
            advice.layouts().second().map(FrontiersReport.Fields::of),
            advice.layouts().withoutHopB().map(FrontiersReport.Fields::of)),
        Why.of(advice, deployment),
        Certainty.of(advice.certainty()),
        other.map(Other::of));
  }

  /**
   * What was asked.
   *
   * @param sweep what was searched, as fields of the question
   * @param ttlMillis the longest TTL that is good enough
   * @param batch how many requests have to be served; left out for as many as pay
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Question(
      @JsonUnwrapped SweepQuestion sweep, double ttlMillis, Optional<Integer> batch) {}

  /**
   * The layouts.
   *
   * @param second the best of other widths or another strategy; left out if none is fast enough
   * @param withoutHopB the best of those without HOP-B; left out if none is fast enough
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Choice(
      FrontiersReport.Fields best,
      Optional<FrontiersReport.Fields> second,
      Optional<FrontiersReport.Fields> withoutHopB) {}

  /**
   * Why the best layout takes as long as it does, and what ends first.
   *
   * @param exposed the part of the TTL that each phase takes where nothing hides it
   * @param doubling what one resource twice as good would save, for each of them
   * @param overlaps TTL without HOP-B and with each way to count it; empty if it is off
   * @param speedOfLightMicros TTL of the same layout at the speed of light
   * @param limits how much more the layout could serve
   */
  public record Why(
      List<Exposed> exposed,
      List<Doubling> doubling,
      List<Overlap> overlaps,
      double speedOfLightMicros,
      Limits limits) {
    static Why of(Advice advice, Deployment deployment) {
      Bottleneck bottleneck = advice.bottleneck();
      double ttl = bottleneck.step().ttlMicros();
      return new Why(
          bottleneck.exposed().entrySet().stream()
              .map(e -> new Exposed(e.getKey().toString(), e.getValue(), e.getValue() / ttl))
              .toList(),
          bottleneck.shares().entrySet().stream()
              .map(e -> new Doubling(e.getKey(), e.getValue()))
              .toList(),
          bottleneck.overlapMicros().entrySet().stream()
              .map(e -> new Overlap(e.getKey(), e.getValue()))
              .toList(),
          bottleneck.speedOfLightMicros(),
          new Limits(
              advice.limits().searchEnds()
                  ? "search"
                  : advice.limits().memoryFirst() ? "memory" : "ttl",
              advice.limits().batchInMemory(),
              advice.limits().batchInTime(),
              deployment.usableBytes()));
    }
  }

  /**
   * A phase.
   *
   * @param share of the TTL
   */
  public record Exposed(String phase, double micros, double share) {}

  /**
   * One resource twice as good.
   *
   * @param saves share of the TTL
   */
  public record Doubling(String resource, double saves) {}

  /** TTL under one way to count HOP-B; {@code off} is without it. */
  public record Overlap(String accounting, double ttlMicros) {}

  /**
   * How much more the layout could serve.
   *
   * @param first what ends first as more requests come, {@code memory} or {@code ttl}; {@code
   *     search} if both hold for the most requests that are tried
   * @param usableBytes what of a GPU's memory may be filled
   */
  public record Limits(String first, int batchInMemory, int batchInTime, long usableBytes) {}

  /**
   * Within which limits the choice stands.
   *
   * @param slack by which share all times may be too short before the TTL is missed
   * @param margin by which share the time of the second may be too long against that of the best
   *     before it is better; left out if there is no second
   * @param exchangeLessMicros how much less each exchange may take
   * @param exchangeMoreMicros how much more it may take
   * @param measured what the errors of measurements leave open; left out for a preset that was not
   *     fitted
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Certainty(
      double slack,
      Optional<Double> margin,
      int exchangeLessMicros,
      int exchangeMoreMicros,
      Optional<Measured> measured) {
    static Certainty of(Advice.Certainty certainty) {
      return new Certainty(
          certainty.slack(),
          Optional.of(certainty.margin()).filter(margin -> !margin.isInfinite()),
          certainty.fewerMicros(),
          certainty.moreMicros(),
          certainty.measured().map(Measured::of));
    }
  }

  /**
   * What the errors of measurements leave open.
   *
   * @param lowMicros lower end of the TTL of the best layout
   * @param highMicros its upper end
   * @param others how many other layouts were looked at
   * @param rivals those of them that may be better
   */
  public record Measured(double lowMicros, double highMicros, int others, List<Range> rivals) {
    static Measured of(Advice.Measured measured) {
      return new Measured(
          measured.best().interval().lowMicros(),
          measured.best().interval().highMicros(),
          measured.others(),
          measured.rivals().stream().map(Range::of).toList());
    }
  }

  /**
   * Another layout with its range.
   *
   * @param point the layout, as fields of the object
   */
  public record Range(
      @JsonUnwrapped FrontiersReport.Fields point,
      double lowMicros,
      double highMicros,
      double leastPerGpu,
      double mostPerGpu) {
    static Range of(Rival rival) {
      return new Range(
          FrontiersReport.Fields.of(rival.point()),
          rival.interval().lowMicros(),
          rival.interval().highMicros(),
          rival.leastPerGpu(),
          rival.mostPerGpu());
    }
  }

  /**
   * What the other preset says.
   *
   * @param ttlMicros TTL of the best layout there
   * @param lackingBytes how much more memory it needs there than a GPU may fill; 0 if it fits
   * @param best what is best there; left out if nothing is fast enough
   * @param nearest the layout of the shortest TTL there; left out if something is fast enough
   * @param same whether that is the same configuration
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Other(
      String preset,
      double ttlMicros,
      long lackingBytes,
      Optional<FrontiersReport.Fields> best,
      Optional<FrontiersReport.Fields> nearest,
      boolean same) {
    static Other of(OtherPreset other) {
      return new Other(
          other.preset(),
          other.own().ttlMicros(),
          other.own().lackingBytes(),
          other.best().map(FrontiersReport.Fields::of),
          other.nearest().map(FrontiersReport.Fields::of),
          other.same());
    }
  }
}
