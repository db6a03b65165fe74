package dev.helix.attention.cache.quantized;

import java.util.List;

/**
 * The constant scales of a layer's cache in FP8 or NVFP4. They are given before a run, by the
 * checkpoint or else as 1, and never computed from what the cache holds.
 *
 * @param keys one scale for all KV heads, or one for each of them; entries of latent attention have
 *     the scale of keys
 * @param values likewise
 */
public record KvScales(List<Float> keys, List<Float> values) {
  /** The scales of a layer whose checkpoint has none. */
  public static final KvScales ONE = new KvScales(List.of(1f), List.of(1f));

  public KvScales {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
  }

  /** The scale of the keys of a KV head of the layer. */
  public float key(int kvHead) {
    return keys.get(keys.size() == 1 ? 0 : kvHead);
  }

  /** The scale of the values of a KV head of the layer. */
  public float value(int kvHead) {
    return values.get(values.size() == 1 ? 0 : kvHead);
  }
}
