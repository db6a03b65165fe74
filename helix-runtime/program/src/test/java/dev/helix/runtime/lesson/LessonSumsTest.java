package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sums of the last step, made again from the numbers that it prints. */
class LessonSumsTest {
  private static final List<LayerTime> LAYERS =
      LayerTime.all(LessonCharts.deployment(LayerTime.MODEL, LayerTime.CONTEXT));

  private static final Map<String, Double> TIMES = LessonCharts.times(LAYERS);

  /** What stands before and after the sign of equality. */
  private static final Pattern EQUATION =
      Pattern.compile("([0-9(][0-9.()+−×/ ]*) = ([0-9]+(?:\\.[0-9]+)?)");

  private static final Pattern BRACES = Pattern.compile("\\{(\\w+)\\}");

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void aReaderWhoAddsUpWhatTheStepPrintsGetsWhatItPrints(String language)
      throws JsonProcessingException {
    JsonNode steps =
        new ObjectMapper()
            .readTree(LessonResources.text("strings." + language + ".json"))
            .get("steps");
    JsonNode step = steps.get(steps.size() - 1);
    StringBuilder text = new StringBuilder();
    step.get("setup").forEach(part -> text.append(part.textValue()).append('\n'));
    step.get("text").forEach(part -> text.append(part.textValue()).append('\n'));
    String printed =
        BRACES.matcher(text).replaceAll(m -> TIMES.containsKey(m.group(1)) ? shown(m) : m.group());
    List<MatchResult> equations = EQUATION.matcher(printed).results().toList();
    assertEquals(10, equations.size(), printed);
    for (MatchResult equation : equations) {
      BigDecimal right = new BigDecimal(equation.group(2));
      BigDecimal left = new Sum(equation.group(1)).value();
      assertEquals(right, left.setScale(right.scale(), RoundingMode.HALF_EVEN), equation.group());
    }
  }

  /** A time as the page prints it, but for the signs between thousands and before decimals. */
  private static String shown(MatchResult name) {
    double micros = TIMES.get(name.group(1));
    int digits = micros < 1000 ? LessonCharts.DIGITS : 0;
    return BigDecimal.valueOf(micros).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** The drawing has the same times of layers in two digits, from the times as they are. */
  @Test
  void aSumOfRoundedPartsIsTheTimeOfTheDrawing() {
    for (LayerTime layer : LAYERS) {
      assertEquals(
          twoDigits(layer.micros()), twoDigits(TIMES.get(layer.name() + "Layer")), layer.name());
    }
  }

  private static BigDecimal twoDigits(double micros) {
    return BigDecimal.valueOf(micros).setScale(2, RoundingMode.HALF_EVEN);
  }

  /** A sum of products of numbers, differences and quotients. */
  private static final class Sum {
    private final String text;
    private int at;

    Sum(String text) {
      this.text = text.replace(" ", "");
    }

    BigDecimal value() {
      BigDecimal value = product();
      while (at < text.length() && "+−".indexOf(text.charAt(at)) >= 0) {
        value = text.charAt(at++) == '+' ? value.add(product()) : value.subtract(product());
      }
      return value;
    }

    private BigDecimal product() {
      BigDecimal value = factor();
      while (at < text.length() && "×/".indexOf(text.charAt(at)) >= 0) {
        value =
            text.charAt(at++) == '×'
                ? value.multiply(factor())
                : value.divide(factor(), MathContext.DECIMAL128);
      }
      return value;
    }

    private BigDecimal factor() {
      if (text.charAt(at) == '(') {
        at++;
        BigDecimal value = value();
        at++;
        return value;
      }
      int from = at;
      while (at < text.length() && "0123456789.".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return new BigDecimal(text.substring(from, at));
    }
  }
}
