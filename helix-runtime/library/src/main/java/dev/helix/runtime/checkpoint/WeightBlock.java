package dev.helix.runtime.checkpoint;

import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The numbers of a block {@code [rows, columns]}, which are not read yet. Every slice of a
 * checkpoint has one, so that slices can be put together with their sizes checked. A vector is a
 * block of one column.
 */
record WeightBlock(int rows, int columns, Supplier<double[]> numbers)
    implements Supplier<double[]> {
  @Override
  public double[] get() {
    return numbers.get();
  }

  /**
   * A slice of a given size. It may be of any size as long as only its shape is used. Reading one
   * that is larger than an array is an {@link IllegalArgumentException}.
   */
  static WeightSlice slice(String key, int rows, int columns, Supplier<double[]> numbers) {
    return new WeightSlice(
        key,
        new WeightBlock(
            rows,
            columns,
            () -> {
              requireArray(key, rows, columns);
              return numbers.get();
            }));
  }

  private static void requireArray(String key, int rows, int columns) {
    if ((long) rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: expected at most %d numbers, got %d × %d"
              .formatted(key, Integer.MAX_VALUE, rows, columns));
    }
  }

  /** The rows of all blocks, one block below the other. */
  static WeightSlice stack(List<WeightSlice> slices) {
    if (slices.isEmpty()) {
      throw new IllegalArgumentException("stack of no blocks");
    }
    List<WeightBlock> blocks = new ArrayList<>(slices.size());
    List<String> keys = new ArrayList<>(slices.size());
    for (WeightSlice slice : slices) {
      blocks.add(of(slice));
      keys.add(slice.key());
    }
    int columns = blocks.get(0).columns();
    int rows = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).columns() != columns) {
        throw new IllegalArgumentException(
            "stack: expected %d columns as %s has, got %d of %s"
                .formatted(
                    columns, slices.get(0).key(), blocks.get(i).columns(), slices.get(i).key()));
      }
      rows = Math.addExact(rows, blocks.get(i).rows());
    }
    String key = String.join("+", keys);
    int size = rows * columns;
    return slice(key, rows, columns, () -> concatenated(blocks, size));
  }

  /** The block with {@code extraRows} rows of zeros below it. */
  static WeightSlice padRows(WeightSlice slice, int extraRows) {
    if (extraRows < 0) {
      throw new IllegalArgumentException(
          "padding of %s: expected at least 0 rows, got %d".formatted(slice.key(), extraRows));
    }
    if (extraRows == 0) {
      return slice;
    }
    int columns = of(slice).columns();
    String key = "zeros[%d,%d]".formatted(extraRows, columns);
    return stack(
        List.of(slice, slice(key, extraRows, columns, () -> new double[extraRows * columns])));
  }

  private static double[] concatenated(List<WeightBlock> blocks, int size) {
    double[] all = new double[size];
    int at = 0;
    for (WeightBlock block : blocks) {
      double[] part = block.get();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static WeightBlock of(WeightSlice slice) {
    if (slice.values() instanceof WeightBlock block) {
      return block;
    }
    throw new IllegalArgumentException(slice.key() + " is no slice of a checkpoint");
  }
}
