package dev.helix.attention.faults.quantized;

import dev.helix.attention.cache.KvStore;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;

/**
 * A fault of a quantised cache that a serving system has shipped. It has no effect on a cache that
 * keeps numbers as they are.
 *
 * @param change what goes wrong between a number and its bits
 */
public record StorageFault(FaultStory story, QuantizationFault change) implements Fault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.CACHE;
  }

  /** A rank's cache of a layer with this fault. */
  public KvStore in(QuantizedCache healthy) {
    return change.in(healthy);
  }
}
