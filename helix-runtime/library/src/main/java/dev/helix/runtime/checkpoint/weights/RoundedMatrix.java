package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.BlockScaled;
import dev.helix.tensor.formats.FloatFormat;
import dev.helix.tensor.formats.ScaledFp8;
import java.util.Arrays;

/**
 * A matrix that is rounded to a narrower format when it is read. Blocks lie along the rows, which
 * are the inputs of a projection. The scale of the whole matrix is its largest magnitude over the
 * largest number of the format, rounded up to FP32, so that nothing saturates. Whole rows are
 * rounded before columns are cut, so that a slice has the same numbers wherever it ends.
 */
public final class RoundedMatrix implements StoredMatrix {
  private final StoredMatrix exact;
  private final WeightFormat format;
  private final int rows;
  private final int columns;

  /** Made when it is first needed, as it takes a pass over the whole matrix. */
  private BlockFormat codec;

  /**
   * Rounds a matrix.
   *
   * @param name the weight, for messages
   * @param format not {@link WeightFormat#AS_STORED}
   * @throws InvalidInputException if blocks do not divide the rows, or the weight is stored in a
   *     quantised format already
   */
  public RoundedMatrix(
      String name, StoredMatrix exact, WeightFormat format, int rows, int columns) {
    if (!exact.isPlain()) {
      throw new InvalidInputException(
          "weights in %s: expected a checkpoint without quantisation, got weight %s with scales"
              .formatted(format, name));
    }
    if (columns % format.block() != 0) {
      throw new InvalidInputException(
          "weights in %s: blocks of %d must divide the rows of weight %s (%d)"
              .formatted(format, format.block(), name, columns));
    }
    this.exact = exact;
    this.format = format;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public String file() {
    return exact.file();
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo) {
    int width = columnTo - columnFrom;
    double[] block = new double[(rowTo - rowFrom) * width];
    BlockFormat rounding = codec();
    for (int row = rowFrom; row < rowTo; row++) {
      double[] whole = exact.block(row, row + 1, 0, columns);
      double[] rounded = rounding.decode(rounding.encode(whole).bytes(), columns);
      System.arraycopy(rounded, columnFrom, block, (row - rowFrom) * width, width);
    }
    return block;
  }

  private synchronized BlockFormat codec() {
    if (codec == null) {
      codec =
          switch (format) {
            case AS_STORED -> throw new IllegalStateException("nothing is rounded");
            case FP8 -> new ScaledFp8(FloatFormat.E4M3, scale(FloatFormat.E4M3.largest()));
            case MXFP8 -> BlockScaled.MXFP8;
            case NVFP4 ->
                BlockScaled.nvfp4(scale(FloatFormat.E2M1.largest() * FloatFormat.E4M3.largest()));
            case MXFP4 -> BlockScaled.MXFP4;
          };
    }
    return codec;
  }

  /** The largest magnitude of the matrix over the largest number of the format; 1 if all are 0. */
  private float scale(double largest) {
    double most = 0;
    for (int row = 0; row < rows; row++) {
      double[] numbers = exact.block(row, row + 1, 0, columns);
      most = Math.max(most, Arrays.stream(numbers).map(Math::abs).max().orElse(0));
    }
    return most == 0 ? 1 : (float) FloatFormat.F32.decode(FloatFormat.F32.encodeUp(most / largest));
  }
}
