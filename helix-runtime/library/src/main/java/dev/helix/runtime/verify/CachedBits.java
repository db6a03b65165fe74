package dev.helix.runtime.verify;

import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore.Part;
import dev.helix.attention.baseline.CachedToken;
import dev.helix.attention.bounds.CachedTokenBound;
import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.record.CacheRecord;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.baseline.StoredBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The bits of a run's quantised cache, as the baseline reads them. The baseline judges whether they
 * are a right rounding of its own keys and values, and then goes on with the numbers that they
 * stand for, so that both programs attend to the same numbers.
 */
final class CachedBits {
  private final CacheFormat format;
  private final ModelConfig model;
  private final CacheRecord record;
  private final List<KvScales> scales = new ArrayList<>();

  private CachedBits(DecodePlan plan, CacheRecord record) {
    this.format = plan.cache();
    this.model = plan.model();
    this.record = record;
    for (int layer = 0; layer < model.layers(); layer++) {
      scales.add(plan.checkpoint().kvScales(layer));
    }
  }

  /** The bits of a run; empty if its cache is not quantised. */
  static Optional<CachedBits> of(DecodePlan plan, Optional<CacheRecord> record) {
    return record.map(bits -> new CachedBits(plan, bits));
  }

  /** The numbers that the cache of a layer holds for a token. */
  CachedToken token(int layer, QueryToken token) {
    return model
        .latent()
        .map(
            shape ->
                new CachedToken(numbers(layer, token, Part.ENTRY, shape.entryDim()), new double[0]))
        .orElseGet(
            () ->
                new CachedToken(
                    numbers(layer, token, Part.KEY, model.attention().headDim()),
                    numbers(layer, token, Part.VALUE, model.attention().headDim())));
  }

  /**
   * Says why the bits cannot be a right rounding of what the baseline computes.
   *
   * @return the first contradiction in words; empty if there is none
   */
  Optional<String> contradiction(int layer, QueryToken token, CachedTokenBound own) {
    Optional<LatentShape> latent = model.latent();
    if (latent.isPresent()) {
      return contradiction(layer, token, Part.ENTRY, own.numbers().keys(), own.bounds().keys());
    }
    return contradiction(layer, token, Part.KEY, own.numbers().keys(), own.bounds().keys())
        .or(
            () ->
                contradiction(
                    layer, token, Part.VALUE, own.numbers().values(), own.bounds().values()));
  }

  private double[] numbers(int layer, QueryToken token, Part part, int size) {
    double[] all = new double[heads() * size];
    for (int head = 0; head < heads(); head++) {
      Optional<byte[]> bytes = record.bits(layer, token, part, head);
      if (bytes.isPresent()) {
        double[] read = bits(layer, part, head, size).numbers(bytes.get());
        System.arraycopy(read, 0, all, head * size, size);
      } else {
        // Nothing is right that was not stored: no bound holds for NaN.
        Arrays.fill(all, head * size, (head + 1) * size, Double.NaN);
      }
    }
    return all;
  }

  private Optional<String> contradiction(
      int layer, QueryToken token, Part part, double[] numbers, double[] bounds) {
    int size = numbers.length / heads();
    for (int head = 0; head < heads(); head++) {
      int from = head * size;
      Optional<byte[]> bytes = record.bits(layer, token, part, head);
      Optional<String> why =
          bytes.isEmpty()
              ? Optional.of("no rank has stored it")
              : bits(layer, part, head, size)
                  .contradiction(
                      bytes.get(),
                      Arrays.copyOfRange(numbers, from, from + size),
                      Arrays.copyOfRange(bounds, from, from + size));
      if (why.isPresent()) {
        String name = part.name().toLowerCase(java.util.Locale.ROOT);
        return Optional.of("%s of KV head %d: %s".formatted(name, head, why.get()));
      }
    }
    return Optional.empty();
  }

  private StoredBits bits(int layer, Part part, int head, int size) {
    KvScales ofLayer = scales.get(layer);
    float scale = part == Part.VALUE ? ofLayer.value(head) : ofLayer.key(head);
    return StoredBits.of(format, scale, size);
  }

  private int heads() {
    return model.latent().isPresent() ? 1 : model.attention().kvHeads();
  }
}
