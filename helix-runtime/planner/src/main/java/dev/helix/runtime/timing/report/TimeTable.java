package dev.helix.runtime.timing.report;

import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.timing.schedule.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints the time of a step. */
public final class TimeTable {
  private TimeTable() {}

  /**
   * The tables of operations, phases and memory, and the figures that follow from them, as lines,
   * each ended.
   */
  public static String of(StepTime time, MemoryReport memory, Drafts drafts) {
    return String.join(
        "\n",
        operations(time),
        phases(time),
        MemoryTable.of(memory),
        summary(time) + rates(time, drafts));
  }

  /** The range of the TTL and what goes beyond measurements, as lines, each ended. */
  public static String trust(StepTime time) {
    StringBuilder text = new StringBuilder();
    time.interval()
        .ifPresent(
            range ->
                text.append(
                    "TTL from %s to %s µs, by the errors of measurements not fitted to, in what nothing hides%n"
                        .formatted(
                            number("%.1f", range.lowMicros()),
                            number("%.1f", range.highMicros()))));
    time.extrapolated().forEach(part -> text.append("extrapolated: %s%n".formatted(part)));
    return text.toString();
  }

  private static String operations(StepTime time) {
    return new TextTable<OperationRow>()
        .column("operation", HorizontalAlign.LEFT, OperationRow::name)
        .column("phase", HorizontalAlign.LEFT, row -> row.phase().toString())
        .column("stream", HorizontalAlign.LEFT, row -> row.stream().toString())
        .column("count", row -> Integer.toString(row.count()))
        .column("GFLOP", row -> scaled(row.flops(), 1e9))
        .column("HBM MB", row -> scaled(row.hbmBytes(), 1e6))
        .column("wire MB", row -> scaled(row.wireBytes(), 1e6))
        .column("µs", row -> number("%.1f", row.micros()))
        .column("µs each", row -> number("%.2f", row.micros() / row.count()))
        .of(time.totals());
  }

  private static String phases(StepTime time) {
    List<TimeReport.PhaseShare> shares = TimeReport.PhaseShare.of(time);
    return new TextTable<TimeReport.PhaseShare>()
        .column("phase, what nothing hides", HorizontalAlign.LEFT, TimeReport.PhaseShare::phase)
        .column("µs", share -> number("%.1f", share.micros()))
        .column("of TTL", share -> number("%.1f%%", 100 * share.share()))
        .of(shares);
  }

  private static String summary(StepTime time) {
    Schedule schedule = time.schedule();
    TimeReport.CriticalPath path = TimeReport.CriticalPath.of(time);
    String onPath =
        path.operations().entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "critical path, were no stream ever busy: %.1f µs: %s%n"
            + "all operations one after the other: %.1f µs%n",
        path.micros(),
        onPath,
        schedule.serialMicros());
  }

  private static String rates(StepTime time, Drafts drafts) {
    TokenRates rates = TokenRates.of(time, drafts);
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "TTL %.1f µs", time.ttlMicros()));
    if (drafts.drafts() > 0) {
      text.append(
          " of a step that verifies %d rows of each request".formatted(1 + drafts.drafts()));
    }
    if (rates.tokensPerStep().isEmpty()) {
      return text.append("; how many tokens are accepted is not given (--acceptance)%n".formatted())
          .toString();
    }
    if (drafts.drafts() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; %.3f tokens a step; %.1f µs a token",
              rates.tokensPerStep().orElseThrow(),
              rates.microsPerToken().orElseThrow()));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "; %.1f tokens/s/user; %.2f tokens/s/GPU%n",
                rates.tokensPerSecondPerUser().orElseThrow(),
                rates.tokensPerSecondPerGpu().orElseThrow()))
        .toString();
  }

  private static String scaled(long amount, double unit) {
    return amount == 0 ? "" : number(amount / unit < 1 ? "%.4f" : "%.2f", amount / unit);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
