package dev.helix.tensor.mesh;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.Wire;
import dev.helix.tensor.program.Purpose;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The collectives of one rank for every reading that has a {@link Wire} for its tensors.
 *
 * <p>Each operation announces itself in the communicator's scope. It also tells the transport which
 * operation, axis or root, and operands it takes the group to be working on, and a transport
 * refuses members that differ. An {@link IllegalArgumentException} names the operation, the rank
 * and the group if this rank is no member, if a tensor belongs to another rank, if it lacks the
 * axis, or if the group's size does not divide the axis.
 *
 * <p><b>Sums.</b> Every element of a sum is added up once, by one member, in the order of the
 * group, and sent to the others as a finished number. So it cannot differ between members. (Where
 * no axis can be split evenly, each member adds up everything itself, from the same bytes in the
 * same order.) {@link #allReduce} thus takes two exchanges, but it adds each element once in the
 * group and not once on every member. This matters where terms are exact accumulators and many
 * ranks share few cores. A group of one also sums its one term, because an exact reading rounds
 * there.
 *
 * @param <T> the tensor type of the reading
 */
public final class WireCollectives<T extends Tensor> implements Collectives<T> {
  private final Communicator communicator;
  private final Wire<T> wire;

  public WireCollectives(Communicator communicator, Wire<T> wire) {
    this.communicator = communicator;
    this.wire = wire;
  }

  @Override
  public List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors) {
    return blocks("allToAll", group, group.size(), split, tensors);
  }

  @Override
  public List<T> gatherBlocks(
      Purpose purpose, Group group, int receivers, Axis split, List<T> tensors) {
    return blocks("gatherBlocks to " + receivers, group, receivers, split, tensors);
  }

  private List<T> blocks(String name, Group group, int receivers, Axis split, List<T> tensors) {
    Member member = begin(name, group);
    if (tensors.isEmpty()) {
      throw member.error("no tensors");
    }
    List<Spec> specs = new ArrayList<>(tensors.size());
    List<Integer> blocks = new ArrayList<>(tensors.size());
    for (T tensor : tensors) {
      Spec spec = member.owned(tensor);
      if (split != Axis.SHARDS && spec.has(Axis.SHARDS)) {
        throw member.error(spec + " has the axis shards already");
      }
      specs.add(spec);
      blocks.add(member.blockSize(split, spec, receivers));
    }
    List<ByteBuffer> outgoing = new ArrayList<>(group.size());
    for (int peer = 0; peer < group.size(); peer++) {
      List<ByteBuffer> payloads = new ArrayList<>(tensors.size());
      for (int i = 0; i < tensors.size() && peer < receivers; i++) {
        payloads.add(block(tensors.get(i), split, peer, blocks.get(i)));
      }
      outgoing.add(Parcel.pack(payloads));
    }

    List<ByteBuffer> parcels =
        communicator.exchange(group, name + " by " + split + " " + specs, outgoing);
    if (group.indexOf(communicator.rank()) >= receivers) {
      return List.of();
    }
    List<List<ByteBuffer>> incoming = new ArrayList<>(group.size());
    for (ByteBuffer parcel : parcels) {
      incoming.add(Parcel.unpack(parcel, tensors.size()));
    }

    List<T> results = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      List<ByteBuffer> parts = new ArrayList<>(group.size());
      for (List<ByteBuffer> payloads : incoming) {
        parts.add(payloads.get(i));
      }
      // A tensor that is stacked by shards stays so, as its blocks only change their order.
      Spec result =
          split == Axis.SHARDS
              ? specs.get(i)
              : specs.get(i).resized(split, blocks.get(i)).stacked(Axis.SHARDS, group.size());
      results.add(wire.decode(result, Axis.SHARDS, parts));
    }
    return List.copyOf(results);
  }

  @Override
  public T allReduce(Purpose purpose, Group group, T partial) {
    return reduce(group, partial, "allReduce", wire::sum);
  }

  @Override
  public T partialAllReduce(Purpose purpose, Group group, T partial) {
    return reduce(group, partial, "partialAllReduce", wire::partialSum);
  }

  /** One launch of an all-reduce, whether or not its result is a term of a larger sum. */
  private T reduce(Group group, T partial, String name, BiFunction<Spec, List<ByteBuffer>, T> sum) {
    Member member = begin(name, group);
    Spec spec = member.owned(partial);
    Axis first = member.firstAxis(spec);
    Optional<Axis> split =
        spec.dims().stream()
            .filter(dim -> group.size() > 1 && dim.size() % group.size() == 0)
            .map(Dim::axis)
            .findFirst();
    if (split.isEmpty()) {
      List<ByteBuffer> whole = toAll(group, wire.encode(partial, first, 0, spec.size(first)));
      return sum.apply(spec, communicator.exchange(group, name + " " + spec, whole));
    }
    Axis axis = split.get();
    int block = member.blockSize(axis, spec);
    T own = sumOwnBlock(group, axis, partial, block, name + " " + spec, sum);
    List<ByteBuffer> sums = toAll(group, wire.encode(own, axis, 0, block));
    // The name differs from that of the first half, so that no member takes one for the other.
    String call = name + " (gathering the sums) " + spec;
    return wire.decode(spec, axis, communicator.exchange(group, call, sums));
  }

  @Override
  public T allGather(Purpose purpose, Group group, Axis axis, T tensor) {
    Member member = begin("allGather", group);
    Spec spec = member.owned(tensor);
    int size = member.size(axis, spec);
    List<ByteBuffer> whole = toAll(group, wire.encode(tensor, axis, 0, size));
    List<ByteBuffer> parts =
        communicator.exchange(group, "allGather by " + axis + " " + spec, whole);
    return wire.decode(spec.resized(axis, Math.multiplyExact(size, group.size())), axis, parts);
  }

  @Override
  public T reduceScatter(Purpose purpose, Group group, Axis axis, T partial) {
    Member member = begin("reduceScatter", group);
    Spec spec = member.owned(partial);
    int block = member.blockSize(axis, spec);
    String call = "reduceScatter by " + axis + " " + spec;
    return sumOwnBlock(group, axis, partial, block, call, wire::sum);
  }

  @Override
  public T broadcast(Purpose purpose, Group group, int root, T tensor) {
    Member member = begin("broadcast", group);
    Spec spec = member.owned(tensor);
    Axis first = member.firstAxis(spec);
    if (!group.ranks().contains(root)) {
      throw member.error("the root, rank " + root + ", is no member");
    }
    ByteBuffer payload =
        communicator.rank() == root
            ? wire.encode(tensor, first, 0, spec.size(first))
            : ByteBuffer.allocate(0);
    List<ByteBuffer> parts =
        communicator.exchange(
            group, "broadcast from rank " + root + " " + spec, toAll(group, payload));
    return wire.decode(spec, first, List.of(parts.get(group.indexOf(root))));
  }

  @Override
  public T receiveBroadcast(Purpose purpose, Group group, int root, Spec spec) {
    Member member = begin("broadcast", group);
    List<ByteBuffer> nothing = toAll(group, ByteBuffer.allocate(0));
    List<ByteBuffer> parts =
        communicator.exchange(group, "broadcast from rank " + root + " " + spec, nothing);
    return wire.decode(spec, member.firstAxis(spec), List.of(parts.get(group.indexOf(root))));
  }

  @Override
  public List<T> allToAllRows(Purpose purpose, Group group, List<T> rows, RowCounts counts) {
    Member member = begin("allToAllRows", group);
    return new RowExchange<>(communicator, wire).run(member, rows, counts);
  }

  @Override
  public List<Integer> exchangeCounts(Group group, List<Integer> sent) {
    Member member = begin("exchangeCounts", group);
    if (sent.size() != group.size()) {
      throw member.error("counts for %d members, expected %d".formatted(sent.size(), group.size()));
    }
    List<ByteBuffer> outgoing =
        sent.stream()
            .map(count -> ByteBuffer.allocate(Integer.BYTES).putInt(count).flip())
            .toList();
    return communicator.exchange(group, "exchangeCounts", outgoing).stream()
        .map(arrived -> arrived.slice().getInt())
        .toList();
  }

  @Override
  public void send(Purpose purpose, Group pair, T tensor) {
    Member member = begin("send", pair);
    member.requireIndex(0, "sends");
    Spec spec = member.owned(tensor);
    Axis first = member.firstAxis(spec);
    ByteBuffer payload = wire.encode(tensor, first, 0, spec.size(first));
    communicator.exchange(pair, passing(spec), List.of(ByteBuffer.allocate(0), payload));
  }

  @Override
  public T receive(Purpose purpose, Group pair, Spec spec) {
    Member member = begin("receive", pair);
    member.requireIndex(1, "receives");
    List<ByteBuffer> nothing = toAll(pair, ByteBuffer.allocate(0));
    List<ByteBuffer> parts = communicator.exchange(pair, passing(spec), nothing);
    return wire.decode(spec, member.firstAxis(spec), parts.subList(0, 1));
  }

  /**
   * The words in which both ranks of a point-to-point transfer state what they do, so that the
   * transport can compare them.
   */
  private static String passing(Spec spec) {
    return "pointToPoint " + spec;
  }

  /**
   * The sum of one block of every member's {@code partial}: the block that this rank is to add up.
   */
  private T sumOwnBlock(
      Group group,
      Axis axis,
      T partial,
      int block,
      String call,
      BiFunction<Spec, List<ByteBuffer>, T> sum) {
    List<ByteBuffer> outgoing = new ArrayList<>(group.size());
    for (int peer = 0; peer < group.size(); peer++) {
      outgoing.add(block(partial, axis, peer, block));
    }
    List<ByteBuffer> terms = communicator.exchange(group, call, outgoing);
    return sum.apply(partial.spec().resized(axis, block), terms);
  }

  private ByteBuffer block(T tensor, Axis axis, int index, int size) {
    return wire.encode(tensor, axis, index * size, (index + 1) * size);
  }

  private static List<ByteBuffer> toAll(Group group, ByteBuffer payload) {
    return Collections.nCopies(group.size(), payload);
  }

  private Member begin(String name, Group group) {
    communicator.scope().launch(name);
    Member member = new Member(name, communicator.rank(), group);
    if (!group.ranks().contains(communicator.rank())) {
      throw member.error("the rank is no member");
    }
    return member;
  }
}
