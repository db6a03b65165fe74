package dev.helix.runtime.dump.writing;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.dialect.StatedAxes;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The file of one rank. It states the axes of each tensor, which sizes alone may leave open. */
final class RankFile {
  private final SafetensorsWriter writer = new SafetensorsWriter();

  void state(String name, Object fact) {
    writer.metadata(name, String.valueOf(fact));
  }

  void integers(String name, int[] integers) {
    writer.integers(
        name, List.of(integers.length), Arrays.stream(integers).asLongStream().toArray());
  }

  void table(String name, int[][] rows) {
    int width = rows[0].length;
    long[] all = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    stateAxes(name, List.of(DumpAxis.REQUESTS, DumpAxis.ENTRIES));
    writer.integers(name, List.of(rows.length, width), all);
  }

  void numbers(
      String name, DType format, List<DumpAxis> axes, List<Integer> shape, double[] numbers) {
    stateAxes(name, axes);
    writer.tensor(name, format, shape, numbers);
  }

  /**
   * Writes some components of the vectors of each head.
   *
   * @param rows those of each query token, {@code [heads, dim]}
   * @param to behind the last component
   */
  void vectors(String name, DType format, List<double[]> rows, int heads, int from, int to) {
    int size = to - from;
    double[] all = new double[rows.size() * heads * size];
    for (int row = 0; row < rows.size(); row++) {
      int dim = rows.get(row).length / heads;
      for (int head = 0; head < heads; head++) {
        System.arraycopy(rows.get(row), head * dim + from, all, (row * heads + head) * size, size);
      }
    }
    numbers(
        name,
        format,
        List.of(DumpAxis.BATCH, DumpAxis.HEADS, DumpAxis.HEAD_DIM),
        List.of(rows.size(), heads, size),
        all);
  }

  void bytes(
      String name, ElementType type, List<DumpAxis> axes, List<Integer> shape, byte[] bytes) {
    stateAxes(name, axes);
    writer.bytes(name, type, shape, bytes);
  }

  private void stateAxes(String name, List<DumpAxis> axes) {
    writer.metadata(StatedAxes.key(name), StatedAxes.text(axes));
  }

  void write(Path file) {
    writer.write(file);
  }
}
