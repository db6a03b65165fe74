package dev.helix.runtime.definition;

/**
 * Says what a cache keeps in place of the numbers of one token and one KV head. A cache in FP64
 * keeps the numbers themselves.
 */
public interface CacheRule {
  /** The rule of a cache that keeps numbers as they are. */
  CacheRule AS_COMPUTED =
      new CacheRule() {
        @Override
        public double[] key(int layer, int kvHead, double[] numbers) {
          return numbers;
        }

        @Override
        public double[] value(int layer, int kvHead, double[] numbers) {
          return numbers;
        }
      };

  /**
   * Returns what the cache of a layer keeps in place of a rotated key, or of an entry of latent
   * attention.
   */
  double[] key(int layer, int kvHead, double[] numbers);

  /** Returns what the cache of a layer keeps in place of a value. */
  double[] value(int layer, int kvHead, double[] numbers);
}
