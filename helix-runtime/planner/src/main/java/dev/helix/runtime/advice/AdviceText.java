package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.report.SweepTable;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.tensor.program.Phase;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Advice in sentences. */
public final class AdviceText {
  private AdviceText() {}

  /**
   * The advice as lines of text.
   *
   * @param time the command of {@code helix time} that shows a step, without the options that
   *     belong to a configuration
   */
  public static String of(Advice advice, Deployment deployment, Wish wish, String time) {
    Point best = advice.best();
    StringBuilder text = new StringBuilder();
    text.append(line("best       %s", SweepTable.words(best).strip()));
    text.append(line("           TTL %.3f ms", best.ttlMicros() / 1000));
    text.append(
        line(
            "second     %s",
            advice
                .layouts()
                .second()
                .map(point -> SweepTable.words(point).strip())
                .orElse("nothing else")));
    text.append(line("as time    %s %s", time, best.configuration().timeOptions()));
    text.append(line("why        %s", phases(advice.bottleneck())));
    if (!advice.bottleneck().overlapMicros().isEmpty()) {
      text.append(line("HOP-B      %s", overlaps(advice.bottleneck())));
      text.append(line("           %s", sharing(advice, wish)));
    }
    text.append(
        line(
            "light      %.2f times the speed of light of the same layout, which is %.3f ms",
            advice.bottleneck().step().ttlMicros() / advice.bottleneck().speedOfLightMicros(),
            advice.bottleneck().speedOfLightMicros() / 1000));
    text.append(line("held up by %s; %s", advice.bottleneck().worst(), shares(advice)));
    text.append(breaks(advice, best, deployment));
    text.append(certainty(advice.certainty(), deployment));
    return text + advice.certainty().measured().map(AdviceText::measured).orElse("");
  }

  /** The choice under another preset, as a line. */
  public static String beside(OtherPreset other) {
    String chosen =
        other.same()
            ? "the best there too"
            : other
                .best()
                .map(point -> "the best there is " + SweepTable.words(point).strip())
                .or(() -> other.nearest().map(AdviceText::nearest))
                .orElseThrow();
    long lacking = other.own().lackingBytes();
    String room =
        lacking == 0
            ? ""
            : ", but needs %.2f GB more than a GPU may fill by what it counts"
                .formatted(lacking / 1e9);
    return line(
        "%-10s this layout has %.3f ms%s; %s",
        other.preset(), other.own().ttlMicros() / 1000, room, chosen);
  }

  private static String nearest(Point point) {
    return "no layout is fast enough there, and the nearest has %.3f ms: %s"
        .formatted(point.ttlMicros() / 1000, point.configuration());
  }

  private static String measured(Advice.Measured measured) {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "errors     of measurements make its TTL %.3f to %.3f ms; of the %d next layouts %s",
            measured.best().interval().lowMicros() / 1000,
            measured.best().interval().highMicros() / 1000,
            measured.others(),
            measured.rivals().isEmpty()
                ? "none may be better by its own"
                : measured.rivals().size() + " may be better by theirs:"));
    for (Rival rival : measured.rivals()) {
      text.append(
          line(
              "           %.3f to %.3f ms, %.2f to %.2f tokens/s/GPU: %s",
              rival.interval().lowMicros() / 1000,
              rival.interval().highMicros() / 1000,
              rival.leastPerGpu(),
              rival.mostPerGpu(),
              rival.point().configuration()));
    }
    return text.toString();
  }

  private static String phases(Bottleneck bottleneck) {
    double ttl = bottleneck.step().ttlMicros();
    return bottleneck.exposed().entrySet().stream()
        .sorted(Map.Entry.<Phase, Double>comparingByValue().reversed())
        .limit(4)
        .map(e -> "%s %.0f%%".formatted(e.getKey(), 100 * e.getValue() / ttl))
        .collect(Collectors.joining(", ", "of the TTL ", " are exposed"));
  }

  private static String overlaps(Bottleneck bottleneck) {
    return bottleneck.overlapMicros().entrySet().stream()
        .map(e -> "%s %.3f ms".formatted(e.getKey(), e.getValue() / 1000))
        .collect(Collectors.joining(", ", "TTL of the layout: ", ""));
  }

  /** Whether the wish is kept however the pieces count, and what is best without them. */
  private static String sharing(Advice advice, Wish wish) {
    double perPiece = advice.bottleneck().overlapMicros().get(Accounting.PER_PIECE.toString());
    return "it %s; best without HOP-B is %s"
        .formatted(
            perPiece > wish.ttlMicros()
                ? "misses the wish unless its pieces share their overhead"
                : "keeps the wish even if each piece has its own overhead",
            advice
                .layouts()
                .withoutHopB()
                .map(point -> SweepTable.words(point).strip())
                .orElse("nothing, as nothing is fast enough"));
  }

  private static String shares(Advice advice) {
    return advice.bottleneck().shares().entrySet().stream()
        .map(e -> "%s %.0f%%".formatted(e.getKey(), 100 * e.getValue()))
        .collect(Collectors.joining(", ", "of the TTL, one twice as good would save: ", ""));
  }

  private static String breaks(Advice advice, Point best, Deployment deployment) {
    Advice.Limits limits = advice.limits();
    String memory =
        "it takes %.0f%% of the usable memory"
            .formatted(100.0 * best.memoryBytes() / deployment.usableBytes());
    if (limits.searchEnds()) {
      return line(
          "breaks     nothing up to the %d requests at which the search ends; %s",
          limits.batchInMemory(), memory);
    }
    String first =
        limits.memoryFirst()
            ? "memory, beyond %d requests".formatted(limits.batchInMemory())
            : "the TTL, beyond %d requests, through %s"
                .formatted(limits.batchInTime(), advice.bottleneck().worst());
    return line("breaks     first %s; %s", first, memory);
  }

  private static String certainty(Advice.Certainty certainty, Deployment deployment) {
    String second =
        Double.isInfinite(certainty.margin())
            ? "no other layout is fast enough"
            : "the second wins if its time is modelled %.1f%% too long against this one's"
                .formatted(100 * certainty.margin());
    return line(
            "certain    while times are at most %.1f%% too short, else the TTL is missed; %s",
            100 * certainty.slack(), second)
        + line(
            "           while an exchange takes up to %d µs less or %d µs more than %s has",
            certainty.fewerMicros(), certainty.moreMicros(), deployment.machine().preset().name());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
