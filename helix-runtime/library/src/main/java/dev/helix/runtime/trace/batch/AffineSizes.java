package dev.helix.runtime.trace.batch;

import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Sizes of which each is the sum of a constant and of a multiple of each of some quantities. */
final class AffineSizes {
  private final long[] base;
  private final long[][] slopes;

  private AffineSizes(long[] base, long[][] slopes) {
    this.base = base;
    this.slopes = slopes;
  }

  /**
   * The sizes that several traces have at the same place.
   *
   * @param probes the sizes of the first trace, and those of traces of which each has one quantity
   *     more by one
   * @throws IllegalArgumentException if one has more sizes than another
   */
  static AffineSizes of(List<long[]> probes) {
    long[] base = probes.get(0);
    long[][] slopes = new long[probes.size() - 1][base.length];
    for (int i = 0; i < slopes.length; i++) {
      long[] sizes = probes.get(i + 1);
      if (sizes.length != base.length) {
        throw new IllegalArgumentException(
            "expected %d sizes, got %d".formatted(base.length, sizes.length));
      }
      for (int at = 0; at < base.length; at++) {
        slopes[i][at] = sizes[at] - base[at];
      }
    }
    return new AffineSizes(base, slopes);
  }

  /**
   * The sizes at other quantities.
   *
   * @param more for each quantity, how much more it is than in the first trace. What a fraction
   *     adds is rounded to a whole number
   */
  long[] at(double... more) {
    long[] sizes = base.clone();
    for (int i = 0; i < slopes.length; i++) {
      for (int at = 0; at < sizes.length; at++) {
        if (slopes[i][at] != 0) {
          sizes[at] = Math.addExact(sizes[at], Math.round(more[i] * slopes[i][at]));
        }
      }
    }
    return sizes;
  }

  /** The multiples, as a value that is equal if they are. */
  List<List<Long>> slopes() {
    return Stream.of(slopes).map(slope -> LongStream.of(slope).boxed().toList()).toList();
  }

  /** The sizes of the tensors of some lists, one after the other. */
  @SafeVarargs
  static long[] of(List<Spec>... lists) {
    int count = 0;
    for (List<Spec> specs : lists) {
      for (Spec spec : specs) {
        count += spec.axisCount();
      }
    }
    long[] sizes = new long[count];
    int at = 0;
    for (List<Spec> specs : lists) {
      for (Spec spec : specs) {
        for (Dim dim : spec.dims()) {
          sizes[at++] = dim.size();
        }
      }
    }
    return sizes;
  }

  /** Gives sizes to tensors, one after the other. */
  static final class Reader {
    private final long[] sizes;
    private int at;

    Reader(long[] sizes) {
      this.sizes = sizes;
    }

    /** The next size. */
    long next() {
      return sizes[at++];
    }

    /** Number of elements of a tensor that has the next sizes. */
    long elements(Spec spec) {
      long elements = 1;
      for (int axis = 0; axis < spec.axisCount(); axis++) {
        elements = Math.multiplyExact(elements, next());
      }
      return elements;
    }

    /** Tensors with the next sizes. */
    List<Spec> resized(List<Spec> specs) {
      Spec[] resized = new Spec[specs.size()];
      for (int i = 0; i < resized.length; i++) {
        resized[i] = resized(specs.get(i));
      }
      return Arrays.asList(resized);
    }

    private Spec resized(Spec spec) {
      List<Dim> dims = new ArrayList<>(spec.dims().size());
      boolean same = true;
      for (Dim dim : spec.dims()) {
        int size = Math.toIntExact(next());
        same &= size == dim.size();
        dims.add(size == dim.size() ? dim : new Dim(dim.axis(), size));
      }
      return same ? spec : new Spec(spec.dtype(), dims);
    }
  }
}
