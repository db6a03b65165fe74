package dev.helix.attention.faults.quantized;

import dev.helix.attention.TokenStore.Part;
import dev.helix.attention.cache.KvStore;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.BlockFormat.Quantized;
import dev.helix.tensor.formats.BlockScaled;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.E8m0;
import dev.helix.tensor.formats.FloatFormat;
import dev.helix.tensor.formats.PlainNumbers;
import dev.helix.tensor.formats.ScaledFp8;
import java.util.Arrays;

/** The ways in which quantised caches go wrong. Formats that have no place for one stay healthy. */
public enum QuantizationFault {
  /**
   * In FP8, the scale is the largest magnitude that the rank has cached so far over 448: it depends
   * on which tokens the rank has, and so on the layout.
   */
  SCALE_OF_THE_SHARD {
    @Override
    Quantized encode(FaultyTokens cache, Part part, double[] numbers, BlockFormat healthy) {
      if (cache.format() != CacheFormat.FP8) {
        return healthy.encode(numbers);
      }
      cache.largestSoFar(part, numbers);
      return new ScaledFp8(FloatFormat.E4M3, scale(cache, part)).encode(numbers);
    }

    @Override
    double[] decode(FaultyTokens cache, Part part, int kvHead, byte[] bytes, int size) {
      return cache.format() == CacheFormat.FP8
          ? cache.codec(scale(cache, part)).decode(bytes, size)
          : super.decode(cache, part, kvHead, bytes, size);
    }

    private float scale(FaultyTokens cache, Part part) {
      return (float) (cache.largestSoFar(part, new double[0]) / FloatFormat.E4M3.largest());
    }
  },

  /** In MXFP8, all tokens of a page share the scale of the largest number so far. */
  SCALE_OF_A_PAGE {
    @Override
    Quantized encode(FaultyTokens cache, Part part, double[] numbers, BlockFormat healthy) {
      if (cache.format() != CacheFormat.MXFP8) {
        return healthy.encode(numbers);
      }
      // A block that holds the largest number gets the scale that all blocks of the page share.
      double[] largest = new double[FaultyTokens.BLOCK];
      largest[0] = cache.largestSoFar(part, numbers);
      byte shared = healthy.encode(largest).bytes()[FaultyTokens.BLOCK];
      byte[] bytes = new byte[healthy.bytes(numbers.length)];
      Arrays.fill(bytes, numbers.length, bytes.length, shared);
      for (int i = 0; i < numbers.length; i++) {
        bytes[i] = (byte) FloatFormat.E4M3.encode(numbers[i] / E8m0.decode(shared));
      }
      return new Quantized(bytes, 0);
    }
  },

  /** A cache that was rounded to another format already is rounded again. */
  TWICE {
    @Override
    Quantized encode(FaultyTokens cache, Part part, double[] numbers, BlockFormat healthy) {
      BlockFormat first =
          switch (cache.format()) {
            case NVFP4, MXFP4 -> BlockScaled.MXFP8;
            default -> new PlainNumbers(FloatFormat.BF16);
          };
      return healthy.encode(first.decode(first.encode(numbers).bytes(), numbers.length));
    }
  },

  /** Values are read with the scale of keys. */
  SCALE_OF_KEYS_ON_VALUES {
    @Override
    double[] decode(FaultyTokens cache, Part part, int kvHead, byte[] bytes, int size) {
      float scale = part == Part.VALUE ? cache.scales().key(kvHead) : cache.scale(part, kvHead);
      return cache.codec(scale).decode(bytes, size);
    }
  },

  /** In NVFP4, the scales of a value's blocks are read in another order than they were written. */
  BLOCKS_OF_VALUES_TURNED {
    @Override
    double[] decode(FaultyTokens cache, Part part, int kvHead, byte[] bytes, int size) {
      byte[] read = bytes.clone();
      if (cache.format() == CacheFormat.NVFP4 && part == Part.VALUE) {
        for (int scale = size / 2; scale < bytes.length; scale++) {
          read[scale] = bytes[bytes.length - 1 - (scale - size / 2)];
        }
      }
      return super.decode(cache, part, kvHead, read, size);
    }
  },

  /** In FP4, the number with the even index is read from the high half of a byte. */
  NIBBLES_SWAPPED {
    @Override
    double[] decode(FaultyTokens cache, Part part, int kvHead, byte[] bytes, int size) {
      byte[] read = bytes.clone();
      if (cache.format() == CacheFormat.NVFP4 || cache.format() == CacheFormat.MXFP4) {
        for (int i = 0; i < size / 2; i++) {
          read[i] = (byte) (((bytes[i] & 0xf) << 4) | ((bytes[i] >> 4) & 0xf));
        }
      }
      return super.decode(cache, part, kvHead, read, size);
    }
  };

  /** A rank's cache of a layer with this fault. */
  public KvStore in(QuantizedCache healthy) {
    return new FaultyTokens(this, healthy);
  }

  /** What is stored in place of the numbers of one token and head. */
  Quantized encode(FaultyTokens cache, Part part, double[] numbers, BlockFormat healthy) {
    return healthy.encode(numbers);
  }

  /** What is read from the bits. */
  double[] decode(FaultyTokens cache, Part part, int kvHead, byte[] bytes, int size) {
    return cache.codec(cache.scale(part, kvHead)).decode(bytes, size);
  }
}
