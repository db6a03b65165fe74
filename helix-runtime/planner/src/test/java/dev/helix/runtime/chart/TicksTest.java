package dev.helix.runtime.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TicksTest {
  private static List<String> labels(List<Scale.Tick> ticks) {
    return ticks.stream().map(Scale.Tick::label).toList();
  }

  @Test
  void stepsAreOneTwoOrFiveTimesAPowerOfTen() {
    assertEquals(List.of("0", "2", "4", "6", "8", "10"), labels(Ticks.linear(0, 10)));
    assertEquals(List.of("0", "0.05", "0.1", "0.15", "0.2"), labels(Ticks.linear(0, 0.22)));
    assertEquals(
        List.of("-1e6", "-500000", "0", "500000", "1e6", "1.5e6", "2e6"),
        labels(Ticks.linear(-1.1e6, 2.4e6)));
  }

  @Test
  void decadesAreNamedFinelyWhereThereIsRoom() {
    assertEquals(
        List.of("1", "2", "5", "10", "20", "50", "100"), labels(Ticks.logarithmic(1, 100)));
    assertEquals(
        List.of("0.01", "0.1", "1", "10", "100", "1000"), labels(Ticks.logarithmic(0.01, 1000)));
    assertEquals(
        List.of("3.2", "3.4", "3.6", "3.8", "4", "4.2"), labels(Ticks.logarithmic(3.1, 4.3)));
    assertEquals(List.of("35", "40", "50", "60", "70", "80"), labels(Ticks.logarithmic(31.7, 83)));
    assertEquals(List.of("3", "5", "7", "10", "15", "20"), labels(Ticks.logarithmic(2.5, 25)));
    assertEquals(9, Ticks.logarithmic(1, 1e16).size(), "every second decade");
  }

  @Test
  void doublingsBeginAtTheLowEnd() {
    assertEquals(List.of("1", "2", "4", "8", "16", "32", "64"), labels(Ticks.doublings(1, 64)));
    assertEquals(List.of("62.5", "125", "250", "500"), labels(Ticks.doublings(62.5, 900)));
    assertEquals(List.of("1", "4", "16", "64", "256"), labels(Ticks.doublings(1, 512)));
  }

  @Property(seed = "7313")
  void thereAreSomeAndNotMany(
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e9) double width) {
    List<Scale.Tick> ticks = Ticks.linear(low, low + width);
    assertTrue(ticks.size() >= 2 && ticks.size() <= 8, () -> labels(ticks).toString());
    ticks.forEach(tick -> assertTrue(tick.value() >= low && tick.value() <= low + width));
  }
}
