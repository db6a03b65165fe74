package dev.helix.runtime.lesson;

import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.tensor.program.Phase;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Timelines of one layer on one GPU, below each other and with one scale: what it computes above,
 * what it sends below. Each block has the number of its phase, and a legend names the numbers.
 */
final class Timeline {
  private static final int EDGE = 10;
  private static final int ROW = 24;
  private static final int LINE = 18;

  /** About the width of a letter of a line, and of a bold one, in pixels. */
  private static final double LETTER = 6.6;

  private static final double BOLD = 6.9;

  /** Width of the entries of the legend, in pixels. */
  private static final int ENTRY = 160;

  private final DrawingWidth width;
  private final ChartWords words;
  private final double scale;
  private final Map<Phase, Integer> numbers = new LinkedHashMap<>();
  private final StringBuilder marks = new StringBuilder();
  private int bottom = 4;

  private Timeline(DrawingWidth width, ChartWords words, double scale) {
    this.width = width;
    this.words = words;
    this.scale = scale;
  }

  /**
   * Draws the first of some layers as an {@code <svg>} element.
   *
   * @param layers all that have to fit into the width, so that drawings of some can be compared
   * @param count how many of them are drawn
   */
  static String of(List<LayerTime> layers, int count, DrawingWidth width, ChartWords words) {
    double longest = layers.stream().mapToDouble(LayerTime::micros).max().orElseThrow();
    int room = width.pixels - left(width) - 2 * EDGE;
    Timeline timeline = new Timeline(width, words, room / longest);
    timeline.write(words.of("layer"), BOLD, "font-weight=\"bold\"");
    timeline.bottom += 14;
    layers.subList(0, count).forEach(timeline::draw);
    timeline.legend();
    return timeline.svg();
  }

  private String svg() {
    String title = words.of("layer");
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\" aria-label=\"%s\" font-family=\"sans-serif\""
                + " font-size=\"13\"><rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>",
            width.pixels,
            bottom,
            width.pixels,
            bottom,
            title,
            width.pixels,
            bottom)
        + marks
        + "</svg>";
  }

  /** Where the rows begin, behind their names. */
  private static int left(DrawingWidth width) {
    return width == DrawingWidth.WIDE ? 80 : 70;
  }

  private void write(String text, double letter, String more) {
    for (String line : width.lines(text, letter, EDGE)) {
      bottom += LINE;
      marks.append(text(EDGE, bottom - 4, more, line));
    }
  }

  private void draw(LayerTime layer) {
    List<Block> blocks = Block.of(layer, left(width), scale);
    blocks.stream()
        .sorted(Comparator.comparingDouble(Block::from))
        .forEach(block -> numbers.putIfAbsent(block.phase(), numbers.size() + 1));
    String heading =
        words
            .of("heading")
            .replace("{name}", words.of(layer.name()))
            .replace("{layer}", words.micros(layer.micros()))
            .replace("{step}", words.number(Math.round(layer.time().ttlMicros())) + "\u00a0µs");
    write(heading, LETTER, "");
    List<Block> computed = blocks.stream().filter(Block::computes).toList();
    List<Block> sent = blocks.stream().filter(block -> !block.computes()).toList();
    Labels above = labels(computed);
    Labels below = labels(sent);
    int compute = bottom + above.height();
    int network = compute + ROW + 3;
    marks.append(text(EDGE, compute + 17, "", words.of("compute")));
    marks.append(text(EDGE, network + 17, "", words.of("network")));
    computed.forEach(block -> rectangles(block, compute, "#7fb2e5"));
    sent.forEach(block -> rectangles(block, network, "#f0a45d"));
    above.labels().forEach(label -> label(label, compute, -1));
    below.labels().forEach(label -> label(label, network, 1));
    bottom = network + ROW + below.height() + 6;
  }

  private Labels labels(List<Block> blocks) {
    return Labels.of(blocks, block -> numbers.get(block.phase()), block -> name(block.phase()));
  }

  private void rectangles(Block block, int top, String colour) {
    for (Slot slot : block.slots()) {
      marks.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" stroke=\"#222\""
                  + " stroke-width=\"0.5\">%s</rect>",
              block.x(slot),
              top,
              Math.max(0.8, block.width(slot) - 0.6),
              ROW,
              colour,
              title(slot)));
    }
  }

  /** What a pointer shows that rests on an operation. On a telephone none does. */
  private String title(Slot slot) {
    return width == DrawingWidth.NARROW
        ? ""
        : "<title>%s, %s: %s</title>"
            .formatted(
                name(slot.operation().phase()),
                slot.operation().name(),
                words.micros(slot.micros()));
  }

  /** Writes a label into its block, or beside the row with a line to it. */
  private void label(Labels.Label label, int row, int side) {
    if (label.level() == 0) {
      marks.append(middle(label.middle(), row + 16, label.text()));
      return;
    }
    double end = side < 0 ? row - 12 * label.level() + 10 : row + ROW + 12 * label.level() - 10;
    marks.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.1f,%dV%.1f\" stroke=\"#222\" stroke-width=\"0.5\"/>",
            label.middle(),
            side < 0 ? row : row + ROW,
            end));
    marks.append(middle(label.middle(), side < 0 ? end - 1 : end + 9, label.text()));
  }

  private void legend() {
    int columns = (width.pixels - EDGE) / ENTRY;
    int rows = (numbers.size() + columns - 1) / columns;
    for (Map.Entry<Phase, Integer> entry : numbers.entrySet()) {
      int at = entry.getValue() - 1;
      marks.append(
          text(
              EDGE + at / rows * ((width.pixels - EDGE) / columns),
              bottom + LINE * (at % rows + 1) - 2,
              "",
              entry.getValue() + "\u00a0 " + name(entry.getKey())));
    }
    bottom += LINE * rows + 8;
  }

  private String name(Phase phase) {
    return words.of(phase.name());
  }

  private static String text(int x, int y, String more, String text) {
    return String.format(
        Locale.ROOT, "<text x=\"%d\" y=\"%d\" fill=\"#111\" %s>%s</text>", x, y, more, text);
  }

  private static String middle(double x, double y, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"11\">%s</text>",
        x,
        y,
        text);
  }
}
