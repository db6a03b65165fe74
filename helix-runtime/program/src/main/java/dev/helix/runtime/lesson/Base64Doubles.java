package dev.helix.runtime.lesson;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Doubles as base64 of their little-endian bytes, by which every bit survives. */
final class Base64Doubles {
  private Base64Doubles() {}

  static String of(double[] numbers) {
    return of(List.of(numbers));
  }

  /** Several rows, one after the other. */
  static String of(List<double[]> rows) {
    int size = rows.stream().mapToInt(row -> row.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(size * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double[] row : rows) {
      for (double number : row) {
        bytes.putDouble(number);
      }
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
