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

  List<T> run(Member member, List<T> tensors, RowCounts counts) {
    if (tensors.isEmpty()) {
      throw member.error("no tensors");
    }
    List<Spec> results = new ArrayList<>();
    // Row counts differ between members; the rest of the specs must not.
    List<Spec> rowSpecs = new ArrayList<>();
    for (T tensor : tensors) {
      results.add(member.arriving(member.owned(tensor), counts));
      rowSpecs.add(tensor.spec().resized(Axis.BATCH, 1));
    }
    String specs = rowSpecs.size() == 1 ? rowSpecs.get(0).toString() : rowSpecs.toString();
    List<ByteBuffer> incoming =
        communicator.exchange(
            member.group(), member.name() + " of " + specs, outgoing(tensors, counts));
    List<List<ByteBuffer>> arrived = new ArrayList<>();
    tensors.forEach(tensor -> arrived.add(new ArrayList<>()));
    for (int peer = 0; peer < incoming.size(); peer++) {
      int expected = counts.received().get(peer);
      List<ByteBuffer> payloads =
          payloads(member, peer, incoming.get(peer), expected, tensors.size());
      for (int i = 0; i < payloads.size(); i++) {
        arrived.get(i % tensors.size()).add(payloads.get(i));
      }
    }
    List<T> decoded = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      List<ByteBuffer> rows =
          arrived.get(i).isEmpty()
              ? List.of(wire.encode(tensors.get(i), Axis.BATCH, 0, 0))
              : arrived.get(i);
      decoded.add(wire.decode(results.get(i), Axis.BATCH, rows));
    }
    return decoded;
  }

  /** The bytes for each member: its rows of each tensor in turn. */
  private List<ByteBuffer> outgoing(List<T> tensors, RowCounts counts) {
    List<ByteBuffer> outgoing = new ArrayList<>(counts.sent().size());
    int from = 0;
    for (int count : counts.sent()) {
      List<ByteBuffer> payloads = new ArrayList<>();
      for (int row = from; row < from + count; row++) {
        for (T tensor : tensors) {
          payloads.add(wire.encode(tensor, Axis.BATCH, row, row + 1));
        }
      }
      ByteBuffer parcel = Parcel.pack(payloads);
      int bytes = Math.addExact(Integer.BYTES, parcel.remaining());
      outgoing.add(ByteBuffer.allocate(bytes).putInt(count).put(parcel).flip());
      from += count;
    }
    return outgoing;
  }

  private static List<ByteBuffer> payloads(
      Member member, int peer, ByteBuffer part, int expected, int tensors) {
    ByteBuffer counted = part.slice();
    int sent = counted.getInt();
    if (sent != expected) {
      throw member.error(
          "rank %d sends %d rows, expected %d"
              .formatted(member.group().ranks().get(peer), sent, expected));
    }
    return Parcel.unpack(counted, expected * tensors);
  }
}
