package dev.helix.runtime.checkpoint.weights;

import java.util.Locale;

/**
 * The number formats to which the matrices of a checkpoint can be rounded before any rank takes its
 * slice. Names are those of {@code --weights}.
 */
public enum WeightFormat {
  /** Weights stay as they are stored. */
  AS_STORED(1),
  /** E4M3 with one scale for each matrix. */
  FP8(1),
  /** E4M3 in blocks of 32 with E8M0 scales. */
  MXFP8(32),
  /** E2M1 in blocks of 16 with E4M3 scales, and one FP32 scale for each matrix. */
  NVFP4(16),
  /** E2M1 in blocks of 32 with E8M0 scales. */
  MXFP4(32);

  private final int block;

  WeightFormat(int block) {
    this.block = block;
  }

  /** How many numbers of a row share a scale of their own; 1 if none do. */
  int block() {
    return block;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
