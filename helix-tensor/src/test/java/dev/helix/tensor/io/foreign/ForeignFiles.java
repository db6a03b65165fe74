package dev.helix.tensor.io.foreign;

import dev.helix.tensor.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The files that other programs wrote for these tests. */
final class ForeignFiles {
  private ForeignFiles() {}

  static byte[] bytes(String name) {
    try (InputStream in = ForeignFiles.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TensorFile open(String name) {
    return open(name, bytes(name));
  }

  static TensorFile open(String name, byte[] bytes) {
    return TensorFile.of(name, ByteSource.of(ByteBuffer.wrap(bytes)));
  }

  /** The numbers from, from + 1, …. */
  static double[] counted(int from, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> from + i);
    return numbers;
  }
}
