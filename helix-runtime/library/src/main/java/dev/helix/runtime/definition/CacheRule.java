package dev.helix.runtime.definition;

/** What a cache keeps of the numbers of one token and one KV head: for FP64 the numbers. */
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

  /** What the cache of a layer keeps of a rotated key, or of an entry of latent attention. */
  double[] key(int layer, int kvHead, double[] numbers);

  /** What the cache of a layer keeps of a value. */
  double[] value(int layer, int kvHead, double[] numbers);
}
