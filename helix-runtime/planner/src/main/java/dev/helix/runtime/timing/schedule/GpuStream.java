package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import java.util.Locale;

/** The two streams of a GPU. Each runs one operation at a time, in its own order. */
public enum GpuStream {
  COMPUTE,
  NETWORK;

  /** The stream that an operation occupies. */
  public static GpuStream of(Operation operation) {
    return operation instanceof Launch ? COMPUTE : NETWORK;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
