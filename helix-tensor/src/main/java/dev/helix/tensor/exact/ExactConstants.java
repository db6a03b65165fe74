package dev.helix.tensor.exact;

import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The weights of all ranks of one run. Each distinct slice is converted and stored once. Ranks that
 * replicate a slice share its numbers, which none of them writes.
 */
public final class ExactConstants {
  private final ConcurrentMap<String, double[]> slices = new ConcurrentHashMap<>();
  private final Map<double[], WeightColumns> columns =
      Collections.synchronizedMap(new IdentityHashMap<>());

  ExactTensor tensor(int rank, Spec spec, WeightSlice slice) {
    double[] values = slices.computeIfAbsent(slice.key(), key -> slice.values().get());
    if (values.length != spec.elements()) {
      throw new IllegalArgumentException(
          "weights %s have %d elements, expected %d for %s"
              .formatted(slice.key(), values.length, spec.elements(), spec));
    }
    return ExactTensor.finished(spec, rank, values);
  }

  /**
   * The columns of a weight {@code [out, in]}. They are copied out of it on first use and kept;
   * this takes as much memory as the weight itself, for 16 bytes a parameter in all.
   */
  WeightColumns columns(ExactTensor weight) {
    // An array equals only itself, so the key is the storage and not the numbers in it.
    return columns.computeIfAbsent(
        weight.values("a projection"), values -> WeightColumns.of(weight.spec(), values));
  }
}
