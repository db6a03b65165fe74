package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;

/**
 * The resources of a GPU that operations occupy. Each serves one operation at a time, in its own
 * order, and does not wait for the others.
 */
public enum GpuStream {
  /** The processors, which run launches. */
  COMPUTE("compute"),
  /**
   * The ports into the switches, through which all collectives pass, on a board and beyond: a
   * collective uses them both ways.
   */
  NETWORK("network"),
  /**
   * The copy engine for data that leaves for one other GPU. What it sends is small, so its share of
   * the ports is not taken from the collectives.
   */
  COPY_OUT("copy out"),
  /** The copy engine for data that arrives from one other GPU. */
  COPY_IN("copy in");

  private final String words;

  GpuStream(String words) {
    this.words = words;
  }

  /** The stream that an operation occupies. */
  public static GpuStream of(Operation operation) {
    if (operation instanceof Launch) {
      return COMPUTE;
    }
    Transfer transfer = (Transfer) operation;
    if (transfer.kind() != TransferKind.POINT_TO_POINT) {
      return NETWORK;
    }
    // The rank that receives brings nothing.
    return transfer.operands().isEmpty() ? COPY_IN : COPY_OUT;
  }

  @Override
  public String toString() {
    return words;
  }
}
