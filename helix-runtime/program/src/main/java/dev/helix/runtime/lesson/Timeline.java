package dev.helix.runtime.lesson;

import dev.helix.runtime.timing.schedule.GpuStream;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.tensor.program.Place;
import java.util.List;
import java.util.Locale;

/** A timeline of one layer on one GPU: what it computes above, what it sends below. */
final class Timeline {
  private static final int WIDTH = 640;
  private static final int LEFT = 80;
  private static final int ROW = 46;

  /** About the width of a letter of a label, in pixels. */
  private static final double LETTER = 6.2;

  private Timeline() {}

  /** Draws a layer of a step as an {@code <svg>} element. */
  static String ofLayer(int layer, Schedule schedule) {
    Place place = Place.layer(layer);
    List<Slot> slots =
        schedule.ranks().get(0).slots().stream()
            .filter(slot -> slot.operation().place().equals(place))
            .toList();
    double start = slots.stream().mapToDouble(Slot::startMicros).min().orElseThrow();
    double end = slots.stream().mapToDouble(Slot::endMicros).max().orElseThrow();
    double scale = (WIDTH - LEFT - 20) / (end - start);
    StringBuilder svg = new StringBuilder();
    String title =
        String.format(Locale.ROOT, "Layer %d of Llama 3.1 405B: %.1f µs", layer, end - start);
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d 150\" width=\"%d\""
                + " height=\"150\" role=\"img\" aria-label=\"%s\" font-family=\"sans-serif\""
                + " font-size=\"13\">",
            WIDTH,
            WIDTH,
            title));
    svg.append("<text x=\"10\" y=\"18\" fill=\"#111\">").append(title).append("</text>");
    svg.append("<text x=\"10\" y=\"54\" fill=\"#111\">compute</text>");
    svg.append("<text x=\"10\" y=\"100\" fill=\"#111\">network</text>");
    for (Slot slot : slots) {
      svg.append(mark(slot, start, scale));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"140\" fill=\"#111\">0 µs</text><text x=\"%d\" y=\"140\""
                + " text-anchor=\"end\" fill=\"#111\">%.1f µs</text></svg>",
            LEFT,
            WIDTH - 20,
            end - start));
    return svg.toString();
  }

  private static String mark(Slot slot, double start, double scale) {
    boolean compute = GpuStream.of(slot.operation()) == GpuStream.COMPUTE;
    double x = LEFT + (slot.startMicros() - start) * scale;
    double width = Math.max(0.8, slot.micros() * scale - 0.6);
    String name = slot.operation().phase() + ", " + slot.operation().name();
    String phase = slot.operation().phase().toString();
    String label =
        width > LETTER * phase.length()
            ? String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\">%s</text>",
                x + width / 2,
                compute ? 53 : 53 + ROW,
                phase)
            : "";
    return String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"34\" fill=\"%s\""
            + " stroke=\"#222\" stroke-width=\"0.5\"><title>%s: %.2f µs</title></rect>%s",
        x,
        compute ? 32 : 32 + ROW,
        width,
        compute ? "#7fb2e5" : "#f0a45d",
        name,
        slot.micros(),
        label);
  }
}
