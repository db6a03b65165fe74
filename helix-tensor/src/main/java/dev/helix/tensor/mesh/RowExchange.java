package dev.helix.tensor.mesh;

import dev.helix.tensor.Axis;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The uneven all-to-all of rows. A {@link Wire} can put together equal blocks only, so each row is
 * a payload of its own, and the number of rows comes in front of them.
 */
final class RowExchange<T extends Tensor> {
  private final Communicator communicator;
  private final Wire<T> wire;

  RowExchange(Communicator communicator, Wire<T> wire) {
    this.communicator = communicator;
    this.wire = wire;
  }

  T run(Member member, T rows, RowCounts counts) {
    Spec spec = member.owned(rows);
    Spec result = member.arriving(spec, counts);
    List<ByteBuffer> outgoing = new ArrayList<>(counts.sent().size());
    int from = 0;
    for (int count : counts.sent()) {
      List<ByteBuffer> payloads = new ArrayList<>(count);
      for (int row = from; row < from + count; row++) {
        payloads.add(wire.encode(rows, Axis.BATCH, row, row + 1));
      }
      ByteBuffer parcel = Parcel.pack(payloads);
      int bytes = Math.addExact(Integer.BYTES, parcel.remaining());
      outgoing.add(ByteBuffer.allocate(bytes).putInt(count).put(parcel).flip());
      from += count;
    }
    // Row counts differ between members; the rest of the spec must not.
    String call = member.name() + " of " + spec.resized(Axis.BATCH, 1);
    List<ByteBuffer> incoming = communicator.exchange(member.group(), call, outgoing);
    List<ByteBuffer> arrived = new ArrayList<>(counts.allReceived());
    for (int peer = 0; peer < incoming.size(); peer++) {
      arrived.addAll(rowsOf(member, peer, incoming.get(peer), counts.received().get(peer)));
    }
    return arrived.isEmpty()
        ? wire.decode(result, Axis.BATCH, List.of(wire.encode(rows, Axis.BATCH, 0, 0)))
        : wire.decode(result, Axis.BATCH, arrived);
  }

  private static List<ByteBuffer> rowsOf(Member member, int peer, ByteBuffer part, int expected) {
    ByteBuffer counted = part.slice();
    int sent = counted.getInt();
    if (sent != expected) {
      throw member.error(
          "rank %d sends %d rows, expected %d"
              .formatted(member.group().ranks().get(peer), sent, expected));
    }
    return Parcel.unpack(counted, expected);
  }
}
