package dev.helix.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected digests were computed by another program over the bytes written out. */
final class LogitsDigestTest {
  @Test
  void noLogitsHaveTheDigestOfNoBytes() {
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        LogitsDigest.sha256(List.of()));
  }

  /** The eight bytes 00 00 00 00 00 00 f0 3f. */
  @Test
  void doublesAreLittleEndian() {
    assertEquals(
        "6c3c396ed6b5c36dcae172271f462051b1266b851e92df3deea8ac65478fd712",
        LogitsDigest.sha256(List.of(new double[] {1.0})));
  }

  @Test
  void stepsFollowEachOther() {
    String whole = "959430c375b2f1e6b07d160dc8dfe62f06d945f0debbdc422aae557bede62538";
    double[] first = {1.0, -2.5, Double.MIN_VALUE};
    double[] second = {1e308, -0.0, Double.POSITIVE_INFINITY};
    assertEquals(whole, LogitsDigest.sha256(List.of(first, second)));
    assertNotEquals(whole, LogitsDigest.sha256(List.of(second, first)));
  }

  @Test
  void theSignOfZeroCounts() {
    assertEquals(
        "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc",
        LogitsDigest.sha256(List.of(new double[] {0.0})));
    assertEquals(
        "e6ad6c9a3a3b7658c35bacf6553fcb8ffe34387534a648fe18f875b8f7a86ddb",
        LogitsDigest.sha256(List.of(new double[] {-0.0})));
  }

  @Test
  void aLongRowIsDigestedWhole() {
    double[] row = new double[1000];
    Arrays.fill(row, Math.PI);
    assertEquals(
        "116f2e433d3c83a589382fe4d387686d69aec3463f2b972dd280ff08aeec4184",
        LogitsDigest.sha256(List.of(row)));
  }
}
