package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.definition.AttentionDefinition;
import dev.helix.tensor.DType;
import dev.helix.tensor.exact.definition.Dyadic;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.graalvm.polyglot.Value;

/** The arithmetic of the lesson's page has Java's bits. */
class LessonArithmeticTest {
  private static final LessonScript SCRIPT = LessonScript.load();

  @Provide
  Arbitrary<Double> anyBits() {
    return Arbitraries.longs().map(Double::longBitsToDouble);
  }

  @Provide
  Arbitrary<Double> finite() {
    return Arbitraries.oneOf(
        anyBits().filter(Double::isFinite),
        Arbitraries.doubles().between(-50, 50),
        Arbitraries.of(0.0, -0.0, 1.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE));
  }

  @Provide
  Arbitrary<Double> exponents() {
    return Arbitraries.oneOf(
        anyBits(),
        Arbitraries.doubles().between(-750, 712),
        Arbitraries.doubles().between(-1, 1),
        Arbitraries.of(
            709.782712893384, 709.7827128933841, -745.1332191019411, 0.34657359027997264));
  }

  @Property(tries = 2000, seed = "7315")
  void theExponentialHasTheBitsOfStrictMath(@ForAll("exponents") double x) {
    same(StrictMath.exp(x), SCRIPT.number("exp", x));
  }

  @Property(tries = 2000, seed = "7316")
  void theLogarithmHasTheBitsOfStrictMath(@ForAll("anyBits") double x) {
    same(StrictMath.log(x), SCRIPT.number("log", x));
    double near = 1 + (x % 1) / 4;
    same(StrictMath.log(near), SCRIPT.number("log", near));
  }

  @Property(tries = 1000, seed = "7317")
  void theFusedProductIsRoundedOnce(
      @ForAll("finite") double a, @ForAll("finite") double b, @ForAll("finite") double c) {
    same(Math.fma(a, b, c), SCRIPT.number("fma", a, b, c));
    same(Math.fma(a, b, -(a * b)), SCRIPT.number("fma", a, b, -(a * b)));
  }

  @Property(tries = 500, seed = "7318")
  void aQuotientIsRoundedAsTheDefinitionDoes(
      @ForAll("finite") double numerator, @ForAll("finite") double denominator) {
    double divisor = denominator == 0 ? 1 : Math.abs(denominator);
    Value quotient = SCRIPT.of("nearestQuotient");
    Value dyadic = SCRIPT.of("dyadic");
    double found = quotient.execute(dyadic.execute(numerator), dyadic.execute(divisor)).asDouble();
    try {
      same(Dyadic.of(numerator).nearestQuotient(Dyadic.of(divisor)), found);
    } catch (ArithmeticException e) {
      assertTrue(Double.isInfinite(found), e.getMessage());
    }
  }

  @Property(tries = 500, seed = "7319")
  void aWeightIsThatOfTheDefinition(@ForAll("scores") double score) {
    Dyadic expected = AttentionDefinition.weight(score);
    Value weight = SCRIPT.of("weightOf").execute(score);
    Dyadic found = new Dyadic(weight.getMember("n").asBigInteger(), weight.getMember("e").asInt());
    assertEquals(
        0,
        expected
            .plus(new Dyadic(found.significand().negate(), found.exponent()))
            .significand()
            .signum());
  }

  @Provide
  Arbitrary<Double> scores() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().between(-100, 100), Arbitraries.doubles().between(-9e4, 9e4));
  }

  @Property(tries = 1000, seed = "7320")
  void bf16IsRoundedOnce(@ForAll("finite") double x) {
    same(DType.BF16.round(x), SCRIPT.number("bf16", x));
  }

  @Example
  void bf16IsRoundedOnceWhereSinglePrecisionIsHalfWay() {
    for (double x :
        new double[] {1 + 0x1p-8, 1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-8 - 0x1p-40, 0x1p-133}) {
      same(DType.BF16.round(x), SCRIPT.number("bf16", x));
    }
  }

  private static void same(double expected, double found) {
    assertEquals(
        Double.doubleToLongBits(expected),
        Double.doubleToLongBits(found),
        () -> expected + " and " + found);
  }
}
