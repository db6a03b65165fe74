package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import java.util.List;
import java.util.Optional;

/**
 * Reads weights that DeepSeek-V3 stores in FP8 (E4M3) with one scale for each block of 128 × 128
 * (arXiv 2412.19437, §3.3.2). A weight is number · scale; the scales are called {@code
 * weight_scale_inv} because they are the inverse of what the numbers were multiplied with when they
 * were stored. The product of a number of 4 significant bits and a scale in FP32 is exact in double
 * precision, so nothing is rounded here.
 */
public final class BlockScales {
  /** Number of rows, and of columns, that share a scale. */
  public static final int BLOCK = 128;

  private BlockScales() {}

  /** The name of the scales of a weight. */
  static String name(String weight) {
    return weight + "_scale_inv";
  }

  /**
   * Checks that a weight in FP8 has its scales.
   *
   * @throws InvalidInputException naming file, weight, what was expected and what is there
   */
  static void require(WeightFiles files, WeightShape weight) {
    if (weight.sizes().size() != 2) {
      throw new InvalidInputException(
          "%s: weight %s: expected a matrix to be in FP8, got shape %s"
              .formatted(files.name(), weight.name(), weight.sizes()));
    }
    List<Long> expected = weight.sizes().stream().map(size -> (size - 1) / BLOCK + 1).toList();
    String scales = name(weight.name());
    Optional<SafetensorsFile> file = files.holder(scales);
    if (file.isEmpty() || !file.get().shape(scales).equals(expected)) {
      throw new InvalidInputException(
          "%s: weight %s: expected shape %s for a weight in FP8, got %s"
              .formatted(
                  files.name(),
                  scales,
                  expected,
                  file.map(f -> f.shape(scales).toString()).orElse("nothing")));
    }
    file.get().dtype(scales);
  }

  /** A block of a weight, row-major, with its scales applied. */
  static double[] read(
      SafetensorsFile weights,
      SafetensorsFile scales,
      String weight,
      int rowFrom,
      int rowTo,
      int columnFrom,
      int columnTo) {
    double[] numbers = weights.readFloat8(weight, rowFrom, rowTo, columnFrom, columnTo);
    double[] scale = Scale.notNegative(scales.name(), name(weight), scales.read(name(weight)));
    int scaleColumns = Math.toIntExact(scales.shape(name(weight)).get(1));
    int columns = columnTo - columnFrom;
    for (int i = 0; i < numbers.length; i++) {
      int row = rowFrom + i / columns;
      int column = columnFrom + i % columns;
      numbers[i] *= scale[row / BLOCK * scaleColumns + column / BLOCK];
    }
    return numbers;
  }
}
