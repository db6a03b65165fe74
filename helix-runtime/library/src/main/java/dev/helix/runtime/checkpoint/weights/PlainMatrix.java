package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.io.SafetensorsFile;

/** A matrix in F64, F32, BF16 or F16. */
record PlainMatrix(SafetensorsFile stored, String name) implements StoredMatrix {
  @Override
  public String file() {
    return stored.name();
  }

  @Override
  public boolean isPlain() {
    return true;
  }

  @Override
  public double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo) {
    return stored.read(name, rowFrom, rowTo, columnFrom, columnTo);
  }
}
