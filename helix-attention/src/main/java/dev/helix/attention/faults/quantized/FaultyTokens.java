package dev.helix.attention.faults.quantized;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore;
import dev.helix.attention.TokenStore.Part;
import dev.helix.attention.cache.KvStore;
import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.BlockFormat.Quantized;
import dev.helix.tensor.formats.CacheFormat;
import java.util.EnumMap;
import java.util.Map;

/** A rank's quantised cache of one layer with a fault. */
final class FaultyTokens implements KvStore {
  /** How many numbers share a scale in MXFP8. */
  static final int BLOCK = 32;

  private final QuantizationFault fault;
  private final QuantizedCache healthy;
  private final Map<Part, Double> largest = new EnumMap<>(Part.class);

  FaultyTokens(QuantizationFault fault, QuantizedCache healthy) {
    this.fault = fault;
    this.healthy = healthy;
  }

  @Override
  public TokenStore of(QueryToken token) {
    return (part, kvHead, numbers) -> stored(token, part, healthy.firstKvHead() + kvHead, numbers);
  }

  private double[] stored(QueryToken token, Part part, int kvHead, double[] numbers) {
    Quantized quantized = fault.encode(this, part, numbers, codec(scale(part, kvHead)));
    healthy.stored().keep(token, part, kvHead, quantized);
    return fault.decode(this, part, kvHead, quantized.bytes(), numbers.length);
  }

  CacheFormat format() {
    return healthy.format();
  }

  KvScales scales() {
    return healthy.scales();
  }

  BlockFormat codec(float scale) {
    return QuantizedTokens.codec(healthy.format(), scale);
  }

  float scale(Part part, int kvHead) {
    return part == Part.VALUE ? scales().value(kvHead) : scales().key(kvHead);
  }

  /** The largest magnitude of a part of all tokens so far, this one included. */
  double largestSoFar(Part part, double[] numbers) {
    double most = largest.getOrDefault(part, Double.MIN_NORMAL);
    for (double number : numbers) {
      most = Math.max(most, Math.abs(number));
    }
    largest.put(part, most);
    return most;
  }
}
