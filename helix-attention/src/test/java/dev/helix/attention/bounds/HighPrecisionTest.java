package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

final class HighPrecisionTest {
  @Test
  void agreesWithPublishedDigits() {
    check("2.71828182845904523536028747135266249775724709369995", HighPrecision.exp(one(1)));
    check("4.53999297624848515355915155605506102379180888665650e-5", HighPrecision.exp(one(-10)));
    check("2.30258509299404568401799145468436420760110148862877", HighPrecision.ln(one(10)));
    check("0.54030230586813971740093660744297660373231042061792", HighPrecision.cos(one(1)));
    check("0.84147098480789650665250232163029899962256306079837", HighPrecision.sin(one(1)));
  }

  @Test
  void farAnglesAndExponentsKeepTheirDigits() {
    BigDecimal sin = HighPrecision.sin(one(1_000_000));
    BigDecimal cos = HighPrecision.cos(one(1_000_000));
    check("1", sin.multiply(sin).add(cos.multiply(cos)));
    check("-0.34999350217129295211765248678077", sin, "1e-31");
    check("1", HighPrecision.exp(one(2000)).multiply(HighPrecision.exp(one(-2000))));
  }

  private static BigDecimal one(long x) {
    return BigDecimal.valueOf(x);
  }

  private static void check(String expected, BigDecimal actual) {
    check(expected, actual, "1e-45");
  }

  private static void check(String expected, BigDecimal actual, String relative) {
    BigDecimal reference = new BigDecimal(expected);
    BigDecimal error = reference.subtract(actual).abs();
    assertTrue(
        error.compareTo(reference.abs().multiply(new BigDecimal(relative))) <= 0,
        () -> "expected " + expected + ", got " + actual);
  }
}
