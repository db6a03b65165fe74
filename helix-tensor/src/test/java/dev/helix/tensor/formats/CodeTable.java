package dev.helix.tensor.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What every code of a narrow format stands for, as a table that was written from its definition.
 */
final class CodeTable {
  private CodeTable() {}

  /** The numbers of all codes, in the order of the codes. */
  static double[] of(String format) {
    return lines("codes.txt").stream()
        .filter(words -> words[0].equals(format))
        .mapToDouble(words -> Double.parseDouble(words[2]))
        .toArray();
  }

  /** The finite numbers of the codes without a sign, which are in increasing order. */
  static double[] magnitudes(String format) {
    double[] all = of(format);
    List<Double> finite = new ArrayList<>();
    for (int code = 0; code < all.length / 2 && Double.isFinite(all[code]); code++) {
      finite.add(all[code]);
    }
    return finite.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The words of each line of a resource, comments left out. */
  static List<String[]> lines(String resource) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                CodeTable.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
