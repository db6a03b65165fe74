package dev.helix.attention.cache.quantized;

import dev.helix.attention.AttentionKind;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore;
import dev.helix.attention.cache.KvStore;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.BlockScaled;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.FloatFormat;
import dev.helix.tensor.formats.MlaEntry;
import dev.helix.tensor.formats.PlainNumbers;
import dev.helix.tensor.formats.ScaledFp8;
import java.util.Optional;

/**
 * Stores one rank's tokens of a layer in a narrower number format. Each head of a token is rounded
 * by itself and once; readers get the numbers that the bits stand for.
 */
public final class QuantizedTokens implements KvStore {
  private final CacheFormat format;
  private final KvScales scales;
  private final int firstKvHead;
  private final StoredTokens stored;

  /**
   * Creates the store of one rank.
   *
   * @param scales those of the whole layer
   * @param firstKvHead the first KV head of the layer that the rank caches
   * @param stored takes in the bits
   */
  public QuantizedTokens(
      CacheFormat format, KvScales scales, int firstKvHead, StoredTokens stored) {
    this.format = format;
    this.scales = scales;
    this.firstKvHead = firstKvHead;
    this.stored = stored;
  }

  @Override
  public TokenStore of(QueryToken token) {
    return (part, kvHead, numbers) -> stored(token, part, firstKvHead + kvHead, numbers);
  }

  private double[] stored(QueryToken token, TokenStore.Part part, int kvHead, double[] numbers) {
    float scale = part == TokenStore.Part.VALUE ? scales.value(kvHead) : scales.key(kvHead);
    BlockFormat codec = codec(format, scale);
    Optional<byte[]> given = stored.given(token, part, kvHead);
    if (given.isPresent()) {
      return codec.decode(given.get(), numbers.length);
    }
    BlockFormat.Quantized quantized = codec.encode(numbers);
    stored.keep(token, part, kvHead, quantized);
    return codec.decode(quantized.bytes(), numbers.length);
  }

  /**
   * The codec of a format.
   *
   * @param scale the constant scale of the tensor, or of the head; formats that have none do not
   *     read it
   * @throws IllegalArgumentException for FP64, which is not quantised
   */
  public static BlockFormat codec(CacheFormat format, float scale) {
    return switch (format) {
      case FP64 -> throw new IllegalArgumentException("numbers in FP64 are not quantised");
      case BF16 -> new PlainNumbers(FloatFormat.BF16);
      case FP8 -> new ScaledFp8(FloatFormat.E4M3, scale);
      case FP8_DS_MLA -> new MlaEntry();
      case MXFP8 -> BlockScaled.MXFP8;
      case NVFP4 -> BlockScaled.nvfp4(scale);
      case MXFP4 -> BlockScaled.MXFP4;
    };
  }

  /**
   * Checks that blocks lie inside one head, or in one part of an entry of latent attention.
   *
   * @throws InvalidInputException if the blocks of the format do not divide the heads, or the
   *     format is for another kind of attention
   */
  public static void requireFits(CacheFormat format, AttentionKind kind) {
    kind.choose(shape -> requireHead(format, shape), shape -> requireEntry(format, shape));
  }

  private static boolean requireHead(CacheFormat format, AttentionShape shape) {
    if (format == CacheFormat.FP8_DS_MLA) {
      throw new InvalidInputException(
          "KV cache in %s: expected latent attention, got grouped-query attention"
              .formatted(format));
    }
    return requireBlocks(format, "head size", shape.headDim());
  }

  private static boolean requireEntry(CacheFormat format, LatentShape shape) {
    if (format != CacheFormat.FP8_DS_MLA) {
      return requireBlocks(format, "latent", shape.latent())
          && requireBlocks(format, "rotary key", shape.ropeDim());
    }
    if (shape.latent() != MlaEntry.LATENT || shape.ropeDim() != MlaEntry.ROPE) {
      throw new InvalidInputException(
          "KV cache in %s: expected a latent of %d and a rotary key of %d, got %d and %d"
              .formatted(format, MlaEntry.LATENT, MlaEntry.ROPE, shape.latent(), shape.ropeDim()));
    }
    return true;
  }

  private static boolean requireBlocks(CacheFormat format, String what, int size) {
    if (size % format.block() != 0) {
      throw new InvalidInputException(
          "KV cache in %s: blocks of %d must divide the model's %s (%d)"
              .formatted(format, format.block(), what, size));
    }
    return true;
  }
}
