package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.formats.E8m0;
import dev.helix.tensor.formats.FloatFormat;
import dev.helix.tensor.io.SafetensorsFile;

/**
 * A matrix of FP4 numbers, two in a byte with the even column in the low half, and scales for
 * blocks of each row. A number is element · block scale · tensor scale. In compressed-tensors the
 * tensor scale divides: the quotient is rounded once, to a double; all products are exact.
 *
 * @param numbers the bytes of the elements
 * @param scales the scales of blocks
 * @param rows where the rows of the matrix stand
 * @param nvfp4 whether blocks have 16 numbers and scales in E4M3, and not 32 and E8M0
 * @param tensorScale a factor or divisor of all numbers
 */
record Fp4Matrix(Part numbers, Part scales, Rows rows, boolean nvfp4, TensorScale tensorScale)
    implements StoredMatrix {
  /** One tensor of a file. */
  record Part(SafetensorsFile file, String name) {}

  /**
   * Where the rows of a matrix stand among those of the tensor, counted through all experts that
   * the tensor holds.
   *
   * @param first the tensor's row that is the matrix's first
   * @param stride how many rows further the next one is
   * @param columns how many numbers a row has
   */
  record Rows(long first, long stride, long columns) {
    long at(int row) {
      return first + stride * row;
    }
  }

  /**
   * The scale of the whole matrix.
   *
   * @param divides whether numbers are divided by it
   */
  record TensorScale(double scale, boolean divides) {
    double of(double number) {
      return divides ? number / scale : number * scale;
    }
  }

  @Override
  public String file() {
    return numbers.file().name();
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo) {
    int width = columnTo - columnFrom;
    double[] block = new double[(rowTo - rowFrom) * width];
    int size = nvfp4 ? 16 : 32;
    if (width == 0) {
      return block;
    }
    int firstByte = columnFrom / 2;
    int firstScale = columnFrom / size;
    for (int row = rowFrom; row < rowTo; row++) {
      byte[] codes =
          numbers
              .file()
              .readBytes(
                  numbers.name(),
                  rows.at(row) * (rows.columns() / 2) + firstByte,
                  (columnTo - 1) / 2 + 1 - firstByte);
      byte[] scale =
          scales
              .file()
              .readBytes(
                  scales.name(),
                  rows.at(row) * (rows.columns() / size) + firstScale,
                  (columnTo - 1) / size + 1 - firstScale);
      for (int column = columnFrom; column < columnTo; column++) {
        int code = codes[column / 2 - firstByte] >> (column % 2 * 4) & 0xf;
        double factor = scaleOf(scale[column / size - firstScale]);
        block[(row - rowFrom) * width + column - columnFrom] =
            tensorScale.of(FloatFormat.E2M1.decode(code) * factor);
      }
    }
    return block;
  }

  private double scaleOf(byte code) {
    double scale = nvfp4 ? FloatFormat.E4M3.decode(code & 0xff) : E8m0.decode(code & 0xff);
    return Scale.notNegative(scales.file().name(), scales.name(), scale);
  }
}
