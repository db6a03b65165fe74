package dev.helix.tensor.fp64;

import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The weights of all ranks of one run. Each distinct slice is converted and stored once. Ranks that
 * replicate a slice share its memory, which none of them writes; each sees it as a tensor of its
 * own.
 */
public final class Fp64Constants {
  private final ConcurrentMap<String, Fp64Memory.Region> regions = new ConcurrentHashMap<>();

  Fp64Tensor tensor(int rank, Spec spec, WeightSlice slice) {
    Fp64Memory.Region region =
        regions.computeIfAbsent(slice.key(), key -> Fp64Memory.constant(slice.values().get()));
    if (region.length() != spec.elements()) {
      throw new IllegalArgumentException(
          "weights %s have %d elements, expected %d for %s"
              .formatted(slice.key(), region.length(), spec.elements(), spec));
    }
    return new Fp64Tensor(spec, rank, region);
  }
}
