package dev.helix.attention.rotary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import net.jqwik.api.Example;

/** YaRN with the numbers of DeepSeek-V3's published configuration. */
class YarnTest {
  private static final RopeParameters DEEPSEEK_V3 =
      new RopeParameters(
          10_000, Optional.empty(), Optional.of(new YarnScaling(40, 32, 1, 1, 1, 4096)));

  @Example
  void frequenciesAreKeptDividedAndBetweenAsPublished() {
    double[] plain = frequencies(RopeParameters.of(10_000));
    double[] yarn = frequencies(DEEPSEEK_V3);
    // 64·ln(4096/(32·2π))/(2·ln 10⁴) = 10.47 and 64·ln(4096/2π)/(2·ln 10⁴) = 22.51.
    for (int i = 0; i < 32; i++) {
      double ramp = i <= 10 ? 0 : i >= 23 ? 1 : (i - 10) / 13.0;
      double expected = plain[i] * (ramp / 40 + 1 - ramp);
      assertEquals(expected, yarn[i], 1e-14 * expected, "pair " + i);
    }
  }

  /** The end of the ramp may lie beyond the last of the 32 pairs. */
  @Example
  void aRampThatEndsBeyondTheLastPairIsNotSteeper() {
    double[] plain = frequencies(RopeParameters.of(10_000));
    double[] yarn = frequencies(of(131_072));
    // 64·ln(131072/(32·2π))/(2·ln 10⁴) = 22.51 and 64·ln(131072/2π)/(2·ln 10⁴) = 34.55.
    double expected = plain[31] * (9 / 13.0 / 40 + 1 - 9 / 13.0);
    assertEquals(expected, yarn[31], 1e-13 * expected);
  }

  /** 64·ln(6/2π)/(2·ln 10⁴) = −0.16: the ramp begins and ends at pair 0, which is kept. */
  @Example
  void aRampOfNoLengthKeepsThePairAtWhichItStands() {
    double[] plain = frequencies(RopeParameters.of(10_000));
    double[] yarn = frequencies(of(6));
    assertEquals(plain[0], yarn[0]);
    for (int i = 1; i < 32; i++) {
      assertEquals(plain[i] / 40, yarn[i], 1e-13 * yarn[i], "pair " + i);
    }
  }

  private static RopeParameters of(int originalContext) {
    return new RopeParameters(
        10_000, Optional.empty(), Optional.of(new YarnScaling(40, 32, 1, 1, 1, originalContext)));
  }

  @Example
  void scoresAreMultipliedByTheSquareOfTheMagnitude() {
    double m = 0.1 * Math.log(40) + 1;
    assertEquals(m * m, RotaryEmbedding.scoreFactor(DEEPSEEK_V3), 1e-15);
    assertEquals(1, RotaryEmbedding.scoreFactor(RopeParameters.of(10_000)));
  }

  @Example
  void magnitudesThatAreEqualLeaveTheTurnATurn() {
    RotaryEmbedding rotary = new RotaryEmbedding(DEEPSEEK_V3, 64);
    assertEquals(1, rotary.cosines(0)[0]);
    RopeParameters unequal =
        new RopeParameters(
            10_000, Optional.empty(), Optional.of(new YarnScaling(40, 32, 1, 1, 0, 4096)));
    double expected = 0.1 * Math.log(40) + 1;
    assertEquals(expected, new RotaryEmbedding(unequal, 64).cosines(0)[0], 1e-15);
    assertEquals(1, RotaryEmbedding.scoreFactor(unequal));
  }

  @Example
  void whatCannotBeStretchedIsRefused() {
    InvalidInputException refusal =
        assertThrows(InvalidInputException.class, () -> new YarnScaling(40, 1, 32, 1, 1, 4096));
    assertEquals(
        "rope_scaling: beta_slow (32.0) must not be greater than beta_fast (1.0)",
        refusal.getMessage());
    refusal =
        assertThrows(InvalidInputException.class, () -> new YarnScaling(40, 32, 1, 100.5, 1, 4096));
    assertEquals("rope_scaling: mscale must be from 0 to 100.0, got 100.5", refusal.getMessage());
    refusal =
        assertThrows(InvalidInputException.class, () -> new YarnScaling(40, 32, 1, 1, 1e200, 4096));
    assertEquals(
        "rope_scaling: mscale_all_dim must be from 0 to 100.0, got 1.0E200", refusal.getMessage());
  }

  /** From the sine of a position so small that it is the angle. */
  private static double[] frequencies(RopeParameters parameters) {
    double[] sines = new RotaryEmbedding(parameters, 64).sines(1);
    for (int i = 0; i < sines.length; i++) {
      sines[i] = Math.asin(sines[i]);
    }
    return sines;
  }
}
