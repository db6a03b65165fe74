package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.validation.Measurement.Part;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The draw of the rows that only check a fit. A rule and not a result decides: the rows that one
 * table has of one kind of operation are put into the order of the SHA-256 of a salt and their
 * sizes, without their measured times, and are dealt in turn to the parts {@code check}, {@code
 * fit} and {@code choose}.
 *
 * <p>The salt was chosen once, and was committed before any error of these parts was computed.
 * CRC-32 would not do: with rows of one length, every salt gives the same halves or the same halves
 * exchanged, since CRC-32 is affine.
 */
final class Draw {
  static final String SALT = "helix calibration, second draw, 2026-11-28";

  private static final Part[] TURNS = {Part.CHECK, Part.FIT, Part.CHOOSE};

  private Draw() {}

  /**
   * The part of each row of one table and one kind of operation.
   *
   * @param rows the rows in words, without their measured times; rows that were measured twice go
   *     to the same part
   */
  static Map<String, Part> deal(List<String> rows) {
    List<String> ordered =
        rows.stream().distinct().sorted(Comparator.comparing(Draw::digest)).toList();
    Map<String, Part> parts = new HashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      parts.put(ordered.get(i), TURNS[i % TURNS.length]);
    }
    return parts;
  }

  private static String digest(String row) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      byte[] bytes = (SALT + ": " + row).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(hash.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
