package dev.helix.tensor.mesh;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs several payloads into one buffer, so that several tensors cross in one exchange. The
 * lengths in bytes come first, then the payloads. The lengths travel because they may differ from
 * rank to rank: an exact state is as long as its numbers need.
 */
final class Parcel {
  private Parcel() {}

  /** A buffer with the lengths of the payloads, and behind them their remaining bytes. */
  static ByteBuffer pack(List<ByteBuffer> payloads) {
    int bytes = Integer.BYTES * payloads.size();
    for (ByteBuffer payload : payloads) {
      bytes = Math.addExact(bytes, payload.remaining());
    }
    ByteBuffer parcel = ByteBuffer.allocate(bytes);
    for (ByteBuffer payload : payloads) {
      parcel.putInt(payload.remaining());
    }
    for (ByteBuffer payload : payloads) {
      parcel.put(payload.duplicate());
    }
    return parcel.flip();
  }

  /**
   * The {@code count} payloads of a parcel, in the order in which they were packed.
   *
   * @throws IllegalArgumentException if the lengths do not add up to the parcel's
   */
  static List<ByteBuffer> unpack(ByteBuffer parcel, int count) {
    ByteBuffer whole = parcel.slice();
    long expected = (long) Integer.BYTES * count;
    for (int i = 0; i < count && expected <= whole.limit(); i++) {
      expected += Integer.toUnsignedLong(whole.getInt(Integer.BYTES * i));
    }
    if (expected != whole.limit()) {
      throw new IllegalArgumentException(
          "a parcel of %d payloads: expected %d bytes, got %d"
              .formatted(count, expected, whole.limit()));
    }
    List<ByteBuffer> payloads = new ArrayList<>(count);
    int offset = Integer.BYTES * count;
    for (int i = 0; i < count; i++) {
      int length = whole.getInt(Integer.BYTES * i);
      payloads.add(whole.slice(offset, length));
      offset += length;
    }
    return payloads;
  }
}
