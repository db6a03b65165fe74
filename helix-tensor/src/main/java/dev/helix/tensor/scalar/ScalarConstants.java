package dev.helix.tensor.scalar;

import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The weights of all ranks of one run. Each distinct slice is converted and stored once. Ranks that
 * replicate a slice share its numbers, which none of them can write; each sees it as a tensor of
 * its own. All ranks' threads may use one object at once.
 *
 * @param <S> a number
 */
public final class ScalarConstants<S> {
  private final ConcurrentMap<String, ScalarTensor<S>> slices = new ConcurrentHashMap<>();

  ScalarTensor<S> tensor(int rank, Arithmetic<S> arithmetic, Spec spec, WeightSlice slice) {
    ScalarTensor<S> stored =
        slices.computeIfAbsent(
            slice.key(), key -> convert(rank, arithmetic, spec, key, slice.values().get()));
    requireElements(slice.key(), stored.spec().elements(), spec);
    return stored.sharedWith(rank, spec);
  }

  private static <S> ScalarTensor<S> convert(
      int rank, Arithmetic<S> arithmetic, Spec spec, String key, double[] values) {
    requireElements(key, values.length, spec);
    return ScalarTensor.constant(spec, rank, values, arithmetic);
  }

  private static void requireElements(String key, long elements, Spec spec) {
    if (elements != spec.elements()) {
      throw new IllegalArgumentException(
          "weights %s have %d elements, expected %d for %s"
              .formatted(key, elements, spec.elements(), spec));
    }
  }
}
