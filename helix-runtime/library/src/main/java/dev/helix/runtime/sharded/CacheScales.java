package dev.helix.runtime.sharded;

import dev.helix.tensor.DType;
import java.util.List;

/**
 * How a kernel turns the stored numbers of a cache into keys and values.
 *
 * @param keys the factors on stored keys: one for all KV heads, or one for each
 * @param values the factors on stored values, in the same form
 * @param readAs the format to which number times scale is rounded before it is used; F64 if the
 *     kernel uses the exact product
 */
public record CacheScales(List<Double> keys, List<Double> values, DType readAs) {
  private static final List<Double> ONE = List.of(1.0);

  /** A cache whose numbers are keys and values as they are. */
  public static final CacheScales NONE = new CacheScales(ONE, ONE, DType.F64);

  public CacheScales {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
  }

  /** One scale for all keys and one for all values. */
  public static CacheScales of(double key, double value, DType readAs) {
    return new CacheScales(List.of(key), List.of(value), readAs);
  }

  /** The same scales, read in another format. */
  public CacheScales readAs(DType format) {
    return new CacheScales(keys, values, format);
  }

  /** These scales without those of keys. */
  public CacheScales withoutKeys() {
    return new CacheScales(ONE, values, readAs);
  }

  /** These scales without those of values. */
  public CacheScales withoutValues() {
    return new CacheScales(keys, ONE, readAs);
  }

  /** These scales with those of keys and of values exchanged. */
  public CacheScales swapped() {
    return new CacheScales(values, keys, readAs);
  }

  /** Whether no stored number is changed by a scale. */
  public boolean areOne() {
    return keys.stream().allMatch(scale -> scale == 1)
        && values.stream().allMatch(scale -> scale == 1);
  }

  /** Turns a stored key of a KV head into the key, in place. */
  public void toKey(int kvHead, double[] stored) {
    apply(keys, kvHead, stored);
  }

  /** Turns a stored value of a KV head into the value, in place. */
  public void toValue(int kvHead, double[] stored) {
    apply(values, kvHead, stored);
  }

  private void apply(List<Double> scales, int kvHead, double[] stored) {
    double scale = scales.get(scales.size() == 1 ? 0 : kvHead);
    if (scale == 1 && readAs == DType.F64) {
      return;
    }
    for (int i = 0; i < stored.length; i++) {
      stored[i] = readAs.round(stored[i] * scale);
    }
  }
}
