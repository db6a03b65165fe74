package dev.helix.runtime.cli.time;

import dev.helix.tensor.DType;
import java.util.Locale;

/**
 * The number formats in which models are deployed, by the words of {@code decode}. The two formats
 * of Microscaling are not among them, because no kernel that the time model is fitted to has them.
 */
enum DeployedFormat {
  NVFP4(DType.FP4),
  FP8(DType.FP8),
  BF16(DType.BF16);

  private final DType elements;

  DeployedFormat(DType elements) {
    this.elements = elements;
  }

  /** The format of the elements; the machine says what their scales add. */
  DType elements() {
    return elements;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
