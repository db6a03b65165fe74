package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.lesson.LessonFrontiers.Line;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.tensor.program.Phase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Timelines and frontiers of the last step tell of the same machine, formats and settings. */
class LessonChartsTest {
  private static final Map<String, Line> LINES =
      Map.of(
          "off", Line.HELIX_OFF,
          "idealised", Line.HELIX_IDEALISED,
          "perPiece", Line.HELIX_PER_PIECE);

  private static final Pattern LABEL =
      Pattern.compile(
          "<text x=\"([0-9.]+)\" y=\"([0-9.]+)\" text-anchor=\"middle\" font-size=\"11\">([0-9])");

  private static final List<LayerTime> LAYERS =
      LayerTime.all(LessonCharts.deployment(LayerTime.MODEL, LayerTime.CONTEXT));

  @Test
  void noStepOfATimelineBeatsTheLineThatItBelongsTo() {
    Sweep sweep =
        LessonFrontiers.sweep(LessonCharts.deployment(LayerTime.MODEL, LayerTime.CONTEXT));
    for (LayerTime layer : LAYERS) {
      String options = layer.configuration().timeOptions();
      Point own =
          sweep.points().stream()
              .filter(point -> point.configuration().timeOptions().equals(options))
              .findFirst()
              .orElseThrow(() -> new AssertionError("not among the charted layouts: " + options));
      // As in LayoutTimesTest: roundings of sums, and a byte of each operation.
      long n = layer.time().schedule().ranks().stream().mapToLong(r -> r.slots().size()).sum();
      double rounding = n * (Math.ulp(own.ttlMicros()) + 2e-6);
      assertEquals(own.ttlMicros(), layer.time().ttlMicros(), rounding, layer.name());
      List<Point> line = LINES.get(layer.name()).of(sweep).points();
      assertTrue(
          line.stream().anyMatch(point -> LessonFrontiers.isAtLeast(point, own)), layer.name());
    }
  }

  /** What the sentences of the step say. */
  @Test
  void hopBIsFasterIfItsPiecesShareAnOverheadAndSlowerIfEachPays() {
    List<Double> times = LAYERS.stream().map(layer -> layer.time().ttlMicros()).toList();
    assertTrue(times.get(1) < times.get(0) && times.get(0) < times.get(2), times.toString());
  }

  @Test
  void everyPhaseOfATimelineHasANumberThatTheLegendNames() throws JsonProcessingException {
    for (String language : List.of("en", "de")) {
      ChartWords words =
          new ChartWords(
              new ObjectMapper().readTree(LessonResources.text("strings." + language + ".json")));
      for (int drawing = 0; drawing < 2 * LAYERS.size(); drawing++) {
        DrawingWidth width = drawing % 2 == 0 ? DrawingWidth.WIDE : DrawingWidth.NARROW;
        String svg = Timeline.of(LAYERS, 1 + drawing / 2, width, words);
        Set<String> legend =
            LAYERS.get(0).slots().stream()
                .map(slot -> slot.operation().phase())
                .map(phase -> number(svg, words.of(phase.name()), phase))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> labels =
            LABEL.matcher(svg).results().map(m -> m.group(3)).collect(Collectors.toSet());
        assertEquals(legend, labels);
      }
    }
  }

  private static String number(String svg, String name, Phase phase) {
    return Pattern.compile(">([0-9])\u00a0 " + name + "</text>")
        .matcher(svg)
        .results()
        .findFirst()
        .orElseThrow(() -> new AssertionError("the legend does not name " + phase))
        .group(1);
  }

  /** A digit of 11 pixels is narrower than six of them. */
  @Test
  void noLabelOfATimelineCoversAnother() throws JsonProcessingException {
    ChartWords words =
        new ChartWords(new ObjectMapper().readTree(LessonResources.text("strings.en.json")));
    for (DrawingWidth width : DrawingWidth.values()) {
      Map<String, Set<Double>> lines = new TreeMap<>();
      LABEL
          .matcher(Timeline.of(LAYERS, LAYERS.size(), width, words))
          .results()
          .forEach(m -> assertTrue(isFree(lines, m), () -> width + " at " + m.group()));
      assertTrue(
          lines.values().stream().mapToInt(Set::size).sum()
              > 3 * List.of(Phase.values()).indexOf(Phase.FFN),
          width.name());
    }
  }

  private static boolean isFree(Map<String, Set<Double>> lines, MatchResult label) {
    double x = Double.parseDouble(label.group(1));
    Set<Double> line = lines.computeIfAbsent(label.group(2), y -> new TreeSet<>());
    return line.stream().noneMatch(other -> Math.abs(other - x) < 6) && line.add(x);
  }
}
