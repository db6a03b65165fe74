package dev.helix.tensor.fp64;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The off-heap memory of one rank, from ND4J, handed out in pieces of larger slabs.
 *
 * <p>An ND4J array of its own costs 12 to 27 µs to allocate, as much as most launches of a small
 * model compute. A piece costs nothing, and a slab is freed when the last tensor in it is garbage:
 * nothing can dangle. Not for use by several threads.
 */
public final class Fp64Memory {
  private static final long SLAB_DOUBLES = 1 << 16;

  private Slab slab = new Slab(0);
  private long used;

  /** Uninitialised room for {@code doubles} numbers. */
  Region allocate(long doubles) {
    if (doubles > SLAB_DOUBLES / 4) {
      return new Region(new Slab(doubles), 0, doubles);
    }
    if (used + doubles > slab.doubles) {
      slab = new Slab(SLAB_DOUBLES);
      used = 0;
    }
    Region region = new Region(slab, used, doubles);
    used += doubles;
    return region;
  }

  /** Room of its own that holds {@code values}, to be shared by ranks that only read it. */
  static Region constant(double[] values) {
    Region region = new Region(new Slab(values.length), 0, values.length);
    for (int i = 0; i < values.length; i++) {
      region.set(i, values[i]);
    }
    return region;
  }

  private static final class Slab {
    final long doubles;
    final DataBuffer buffer;
    final DoubleIndexer indexer;
    final DoublePointer pointer;

    Slab(long doubles) {
      this.doubles = doubles;
      // ND4J has no empty buffers.
      this.buffer = Nd4j.createBuffer(DataType.DOUBLE, Math.max(1, doubles), false);
      this.indexer = (DoubleIndexer) buffer.indexer();
      this.pointer = (DoublePointer) buffer.addressPointer();
    }
  }

  /** A piece of a slab; keeps the slab alive. Indices are relative to the piece. */
  public static final class Region {
    private final Slab slab;
    private final DoubleIndexer indexer;
    private final long offset;
    private final long length;

    private Region(Slab slab, long offset, long length) {
      this.slab = slab;
      this.indexer = slab.indexer;
      this.offset = offset;
      this.length = length;
    }

    public long length() {
      return length;
    }

    public double get(long index) {
      return indexer.get(offset + index);
    }

    public void set(long index, double value) {
      indexer.put(offset + index, value);
    }

    /** The address of element {@code index}, for BLAS. Valid while this region is reachable. */
    DoublePointer pointer(long index) {
      return new DoublePointer(slab.pointer).position(offset + index);
    }
  }
}
