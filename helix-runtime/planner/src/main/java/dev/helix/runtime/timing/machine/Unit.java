package dev.helix.runtime.timing.machine;

/** The units that constants of a machine are written in; each constant has one, and no other. */
public enum Unit {
  MICROS("us"),
  /**
   * Time per megabyte of a part that cannot be split further; 0 means that there is no such limit.
   */
  MICROS_PER_MEGABYTE("us/MB"),
  /** Time of one processor for a thousand steps of the inner dimension of a GEMM. */
  MICROS_PER_THOUSAND_ELEMENTS("us/1000"),
  MICROS_PER_MILLION_ELEMENTS("us/million"),
  TERABYTES_PER_SECOND("TB/s"),
  GIGABYTES_PER_SECOND("GB/s"),
  PETAFLOPS("PFLOP/s"),
  MEBIBYTES("MiB"),
  BYTES("B"),
  BITS("bit"),
  HEADS("heads"),
  PARTS("parts"),
  GPUS("GPUs"),
  PROCESSORS("processors"),
  /** A fraction of what the machine could do at best: above 0, at most 1. */
  FRACTION("fraction");

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** The name as files write it. */
  @Override
  public String toString() {
    return symbol;
  }
}
