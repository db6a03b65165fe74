package dev.helix.laws.rotary;

import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.rotary.RotaryScaling.Linear;
import dev.helix.laws.rotary.RotaryScaling.Llama3;
import dev.helix.laws.rotary.RotaryScaling.None;
import dev.helix.laws.rotary.RotaryScaling.Ramp;
import dev.helix.laws.rotary.RotaryScaling.Yarn;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The turn between two positions in 50 digits. If a query at p and a key at p − d are both turned
 * by their positions, their product equals that of the query with the key turned by −d. So the
 * reference needs no large angle, no table and no position, and adding c to all positions changes
 * nothing. The turn by d is the d-th power of the turn by 1, and is computed when it is first asked
 * for. Safe for several threads.
 */
public final class RotaryReference {
  private static final MathContext DIGITS = FiftyDigits.DIGITS;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal TWO_PI =
      new BigDecimal("6.28318530717958647692528676655900576839433879875021164194988918461563");

  /** Cases that are reduced are many of one rule; beyond so many rules all are found again. */
  private static final int MOST_KNOWN = 64;

  private static final Map<RotaryRule, RotaryReference> KNOWN = new HashMap<>();

  private final RotaryRule rule;
  private final List<BigDecimal> unscaled = new ArrayList<>();
  private final List<BigDecimal> frequencies = new ArrayList<>();
  private final List<List<Turn>> turns = new ArrayList<>();
  private final BigDecimal squaredAmplitude;

  /** Cosine and sine of an angle. */
  private record Turn(BigDecimal cosine, BigDecimal sine) {
    Turn times(Turn other) {
      return new Turn(
          cosine.multiply(other.cosine, DIGITS).subtract(sine.multiply(other.sine, DIGITS), DIGITS),
          sine.multiply(other.cosine, DIGITS).add(cosine.multiply(other.sine, DIGITS), DIGITS));
    }
  }

  /** The reference for a rule. */
  public static RotaryReference of(RotaryRule rule) {
    synchronized (KNOWN) {
      if (KNOWN.size() >= MOST_KNOWN) {
        KNOWN.clear();
      }
      return KNOWN.computeIfAbsent(rule, RotaryReference::new);
    }
  }

  private RotaryReference(RotaryRule rule) {
    this.rule = rule;
    BigDecimal logTheta = FiftyDigits.log(new BigDecimal(rule.theta()));
    for (int i = 0; i < rule.pairs(); i++) {
      BigDecimal exponent =
          logTheta
              .multiply(BigDecimal.valueOf(-2L * i))
              .divide(BigDecimal.valueOf(rule.dims()), DIGITS);
      unscaled.add(i == 0 ? BigDecimal.ONE : FiftyDigits.exp(exponent));
      frequencies.add(scaled(unscaled.get(i), i, logTheta));
      turns.add(
          new ArrayList<>(
              List.of(new Turn(BigDecimal.ONE, BigDecimal.ZERO), turn(frequencies.get(i)))));
    }
    this.squaredAmplitude = squaredAmplitude();
  }

  private synchronized Turn power(int pair, int distance) {
    List<Turn> powers = turns.get(pair);
    while (powers.size() <= distance) {
      powers.add(powers.get(powers.size() - 1).times(powers.get(1)));
    }
    return powers.get(distance);
  }

  /**
   * The product of the turning components of a query with those of a key {@code distance} positions
   * before it, with YaRN's factors.
   */
  public BigDecimal product(double[] query, double[] key, int distance) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < rule.pairs(); i++) {
      BigDecimal a = new BigDecimal(query[rule.first(i)]);
      BigDecimal b = new BigDecimal(query[rule.second(i)]);
      BigDecimal c = new BigDecimal(key[rule.first(i)]);
      BigDecimal d = new BigDecimal(key[rule.second(i)]);
      Turn turn = power(i, distance);
      BigDecimal along = a.multiply(c).add(b.multiply(d));
      BigDecimal across = a.multiply(d).subtract(b.multiply(c));
      sum = sum.add(along.multiply(turn.cosine)).add(across.multiply(turn.sine));
    }
    return sum.multiply(squaredAmplitude, DIGITS);
  }

  /**
   * The factor by which YaRN multiplies the product of a turned query and a turned key; 1 without
   * YaRN.
   */
  public double squaredMagnitude() {
    return squaredAmplitude.doubleValue();
  }

  /**
   * The further factor of all scores, which also includes components that do not turn: YaRN's
   * m(mscaleAllDim)², and 1 without YaRN.
   */
  public BigDecimal scoreFactor() {
    if (rule.scaling() instanceof Yarn yarn) {
      BigDecimal m = magnitude(yarn, yarn.mscaleAllDim());
      return m.multiply(m, DIGITS);
    }
    return BigDecimal.ONE;
  }

  /** The turn of pair i from one position to the next, in radians. */
  public double frequency(int i) {
    return frequencies.get(i).doubleValue();
  }

  /** The same turn before the frequency is scaled, in radians. */
  double unscaledFrequency(int i) {
    return unscaled.get(i).doubleValue();
  }

  private BigDecimal squaredAmplitude() {
    if (rule.scaling() instanceof Yarn yarn) {
      BigDecimal amplitude =
          magnitude(yarn, yarn.mscale()).divide(magnitude(yarn, yarn.mscaleAllDim()), DIGITS);
      return amplitude.multiply(amplitude, DIGITS);
    }
    return BigDecimal.ONE;
  }

  private static BigDecimal magnitude(Yarn yarn, double mscale) {
    BigDecimal tenth = new BigDecimal("0.1").multiply(new BigDecimal(mscale));
    return tenth
        .multiply(FiftyDigits.log(new BigDecimal(yarn.factor())), DIGITS)
        .add(BigDecimal.ONE);
  }

  private BigDecimal scaled(BigDecimal frequency, int pair, BigDecimal logTheta) {
    if (rule.scaling() instanceof Linear linear) {
      return frequency.divide(new BigDecimal(linear.factor()), DIGITS);
    }
    if (rule.scaling() instanceof Llama3 llama) {
      BigDecimal turnsInContext =
          frequency.multiply(BigDecimal.valueOf(llama.original())).divide(TWO_PI, DIGITS);
      BigDecimal low = new BigDecimal(llama.low());
      BigDecimal band = new BigDecimal(llama.high()).subtract(low);
      BigDecimal kept = clamped(turnsInContext.subtract(low).divide(band, DIGITS));
      return mixed(frequency, new BigDecimal(llama.factor()), kept);
    }
    if (rule.scaling() instanceof Yarn yarn) {
      return mixed(
          frequency,
          new BigDecimal(yarn.factor()),
          BigDecimal.ONE.subtract(ramp(yarn, pair, logTheta)));
    }
    if (rule.scaling() instanceof None) {
      return frequency;
    }
    throw new IllegalArgumentException("no formula of " + rule.scaling());
  }

  /** A part of the frequency as it is, the rest divided. */
  private static BigDecimal mixed(BigDecimal frequency, BigDecimal factor, BigDecimal kept) {
    BigDecimal divided = frequency.divide(factor, DIGITS);
    return divided.add(frequency.subtract(divided).multiply(kept, DIGITS), DIGITS);
  }

  private BigDecimal ramp(Yarn yarn, int pair, BigDecimal logTheta) {
    Ramp ramp = yarn.ramp();
    BigDecimal from = turningPair(yarn.original(), ramp.fast(), logTheta);
    BigDecimal to = turningPair(yarn.original(), ramp.slow(), logTheta);
    if (ramp.truncated()) {
      from = from.setScale(0, RoundingMode.FLOOR);
      to = to.setScale(0, RoundingMode.CEILING);
    }
    from = from.max(BigDecimal.ZERO);
    to = to.min(BigDecimal.valueOf(rule.dims() - 1L));
    if (to.compareTo(from) <= 0) {
      throw new IllegalArgumentException("%s has no ramp".formatted(rule));
    }
    return clamped(BigDecimal.valueOf(pair).subtract(from).divide(to.subtract(from), DIGITS));
  }

  private BigDecimal turningPair(int original, double beta, BigDecimal logTheta) {
    BigDecimal turns =
        BigDecimal.valueOf(original).divide(TWO_PI.multiply(new BigDecimal(beta)), DIGITS);
    return FiftyDigits.log(turns)
        .multiply(BigDecimal.valueOf(rule.dims()))
        .divide(logTheta.multiply(TWO), DIGITS);
  }

  private static BigDecimal clamped(BigDecimal x) {
    return x.max(BigDecimal.ZERO).min(BigDecimal.ONE);
  }

  /** The turn by an angle of at most 1, computed by its series. */
  private static Turn turn(BigDecimal angle) {
    BigDecimal cosine = BigDecimal.ZERO;
    BigDecimal sine = BigDecimal.ZERO;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 0; term.signum() != 0 && term.precision() - term.scale() > -60; n++) {
      BigDecimal signed = n % 4 < 2 ? term : term.negate();
      if (n % 2 == 0) {
        cosine = cosine.add(signed);
      } else {
        sine = sine.add(signed);
      }
      term = term.multiply(angle, DIGITS).divide(BigDecimal.valueOf(n + 1L), DIGITS);
    }
    return new Turn(cosine, sine);
  }
}
