package dev.helix.runtime.cli.time;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.sweep.PiecedTimes;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TtlInterval;
import dev.helix.runtime.timing.schedule.Accounting;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The times of a step in equal pieces with their ranges. No schedule has these pieces one by one,
 * so the range is that of the step by request in the same accounting, in proportion. It is rough if
 * there are fewer pieces than requests: then launches are fewer, and so is the half of their saving
 * in the upper end; and other operations may be exposed, with other errors.
 *
 * @param times the times, as fields of the report
 * @param idealisedInterval range of the idealised TTL; left out for a preset that was not fitted
 * @param perPieceInterval range of the TTL per piece; left out likewise
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record PiecedRanges(
    @JsonUnwrapped PiecedTimes times,
    Optional<TtlInterval> idealisedInterval,
    Optional<TtlInterval> perPieceInterval) {
  /**
   * Adds the ranges to times.
   *
   * @param byRequest the time of the step by request in an accounting
   */
  static PiecedRanges of(PiecedTimes times, Function<Accounting, StepTime> byRequest) {
    return new PiecedRanges(
        times,
        scaled(times.idealisedMicros(), byRequest, Accounting.IDEALISED),
        scaled(times.perPieceMicros(), byRequest, Accounting.PER_PIECE));
  }

  private static Optional<TtlInterval> scaled(
      double micros, Function<Accounting, StepTime> byRequest, Accounting accounting) {
    StepTime time = byRequest.apply(accounting);
    double factor = micros / time.ttlMicros();
    return time.interval()
        .map(range -> new TtlInterval(factor * range.lowMicros(), factor * range.highMicros()));
  }

  /** The times as a line, with its line break. */
  String line() {
    return String.format(
        Locale.ROOT,
        "HOP-B in %d equal pieces: TTL %.1f µs%s idealised, %.1f µs%s per-piece%n",
        times.count(),
        times.idealisedMicros(),
        words("roughly ", idealisedInterval),
        times.perPieceMicros(),
        words("roughly ", perPieceInterval));
  }

  /** A range behind a time; empty for a preset that was not fitted. */
  static String words(Optional<TtlInterval> interval) {
    return words("", interval);
  }

  private static String words(String sureness, Optional<TtlInterval> interval) {
    return interval
        .map(
            range ->
                String.format(
                    Locale.ROOT,
                    " (%s%.1f to %.1f)",
                    sureness,
                    range.lowMicros(),
                    range.highMicros()))
        .orElse("");
  }
}
