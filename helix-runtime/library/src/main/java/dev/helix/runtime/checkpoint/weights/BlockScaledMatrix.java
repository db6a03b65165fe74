package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.io.SafetensorsFile;

/** A matrix in FP8 with a scale for each block of 128 × 128. */
record BlockScaledMatrix(SafetensorsFile stored, SafetensorsFile scales, String name)
    implements StoredMatrix {
  @Override
  public String file() {
    return stored.name();
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo) {
    return BlockScales.read(stored, scales, name, rowFrom, rowTo, columnFrom, columnTo);
  }
}
