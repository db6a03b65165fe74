package dev.helix.runtime.sharded;

import dev.helix.tensor.DType;

/**
 * How a kernel turns the stored numbers of a cache into keys and values.
 *
 * @param key the factor on stored keys; 1 where they are not scaled
 * @param value the factor on stored values
 * @param readAs the format to which number times scale is rounded before it is used; F64 if the
 *     kernel uses the exact product
 */
public record CacheScales(double key, double value, DType readAs) {
  /** A cache whose numbers are keys and values as they are. */
  public static final CacheScales NONE = new CacheScales(1, 1, DType.F64);

  /** The same scales, read in another format. */
  public CacheScales readAs(DType format) {
    return new CacheScales(key, value, format);
  }

  /** Whether any stored number is changed. */
  public boolean areOne() {
    return key == 1 && value == 1;
  }

  /** Turns a stored key into the key, in place. */
  public void keys(double[] stored) {
    apply(key, stored);
  }

  /** Turns a stored value into the value, in place. */
  public void values(double[] stored) {
    apply(value, stored);
  }

  private void apply(double scale, double[] stored) {
    if (scale == 1 && readAs == DType.F64) {
      return;
    }
    for (int i = 0; i < stored.length; i++) {
      stored[i] = readAs.round(stored[i] * scale);
    }
  }
}
