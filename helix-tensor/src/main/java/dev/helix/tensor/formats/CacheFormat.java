package dev.helix.tensor.formats;

import java.util.Locale;

/**
 * The number formats in which a KV cache is kept. This says what they are; {@link BlockFormat} has
 * the codecs. Names are those of {@code --kv}.
 */
public enum CacheFormat {
  /** Numbers are kept as they were computed. */
  FP64(1),
  BF16(1),
  /** E4M3 with one scale for all keys and one for all values, or one for each KV head. */
  FP8(1),
  /** DeepSeek's 656-byte entry of latent attention: see {@link MlaEntry}. */
  FP8_DS_MLA(128),
  /** E4M3 in blocks of 32 with E8M0 scales. */
  MXFP8(32),
  /** E2M1 in blocks of 16 with E4M3 scales, and one scale in FP32 for keys and one for values. */
  NVFP4(16),
  /** E2M1 in blocks of 32 with E8M0 scales. */
  MXFP4(32);

  private final int block;

  CacheFormat(int block) {
    this.block = block;
  }

  /** Whether numbers are rounded when they enter the cache. */
  public boolean quantizes() {
    return this != FP64;
  }

  /** How many numbers share a scale of their own; 1 if none do. */
  public int block() {
    return block;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
