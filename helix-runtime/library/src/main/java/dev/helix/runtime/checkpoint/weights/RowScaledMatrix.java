package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.io.SafetensorsFile;

/** A matrix in FP8 with one scale, or one for each row. A number is element · scale, exactly. */
final class RowScaledMatrix implements StoredMatrix {
  private final SafetensorsFile stored;
  private final String name;
  private final double[] scales;

  /**
   * Keeps the scales.
   *
   * @param scales one, or one for each row
   */
  RowScaledMatrix(SafetensorsFile stored, String name, double[] scales) {
    this.stored = stored;
    this.name = name;
    this.scales = scales;
  }

  @Override
  public String file() {
    return stored.name();
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo) {
    double[] numbers = stored.readFloat8(name, rowFrom, rowTo, columnFrom, columnTo);
    int columns = columnTo - columnFrom;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= scales[scales.length == 1 ? 0 : rowFrom + i / columns];
    }
    return numbers;
  }
}
