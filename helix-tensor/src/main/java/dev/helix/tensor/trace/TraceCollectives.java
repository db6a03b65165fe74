package dev.helix.tensor.trace;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.program.TransferKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The collectives of the {@code trace} reading, in which tensors have shapes only. They never wait,
 * because a rank knows or states the specs that other ranks bring. Whether the other ranks run
 * programs that fit is found out by the schedule.
 */
public final class TraceCollectives implements Collectives<TraceTensor> {
  private final TraceRank rank;

  public TraceCollectives(TraceRank rank) {
    this.rank = rank;
  }

  @Override
  public List<TraceTensor> allToAll(
      Purpose purpose, Group group, Axis split, List<TraceTensor> tensors) {
    if (tensors.isEmpty()) {
      throw rank.error("allToAll", "no tensors");
    }
    List<Spec> results = new ArrayList<>(tensors.size());
    for (TraceTensor tensor : tensors) {
      Spec spec = tensor.spec();
      if (split != Axis.SHARDS && spec.has(Axis.SHARDS)) {
        throw rank.error("allToAll", spec + " has the axis shards already");
      }
      int block = block("allToAll", group, split, spec);
      results.add(
          split == Axis.SHARDS
              ? spec
              : spec.resized(split, block).stacked(Axis.SHARDS, group.size()));
    }
    int index = transfer(TransferKind.ALL_TO_ALL, purpose, group, tensors);
    List<TraceTensor> received = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      received.add(rank.result(index, results.get(i)).withParts(tensors.get(i).partsWithTokens()));
    }
    return received;
  }

  @Override
  public TraceTensor allReduce(Purpose purpose, Group group, TraceTensor partial) {
    return single(TransferKind.ALL_REDUCE, purpose, group, partial, partial.spec());
  }

  @Override
  public TraceTensor partialAllReduce(Purpose purpose, Group group, TraceTensor partial) {
    return single(TransferKind.PARTIAL_ALL_REDUCE, purpose, group, partial, partial.spec());
  }

  @Override
  public TraceTensor allGather(Purpose purpose, Group group, Axis axis, TraceTensor tensor) {
    int size = size("allGather", axis, tensor.spec());
    Spec whole = tensor.spec().resized(axis, Math.multiplyExact(size, group.size()));
    return single(TransferKind.ALL_GATHER, purpose, group, tensor, whole);
  }

  @Override
  public TraceTensor reduceScatter(Purpose purpose, Group group, Axis axis, TraceTensor partial) {
    Spec own = partial.spec().resized(axis, block("reduceScatter", group, axis, partial.spec()));
    return single(TransferKind.REDUCE_SCATTER, purpose, group, partial, own);
  }

  @Override
  public TraceTensor broadcast(Purpose purpose, Group group, int root, TraceTensor tensor) {
    if (!group.ranks().contains(root)) {
      throw rank.error("broadcast", "the root, rank " + root + ", is no member of " + group);
    }
    return single(TransferKind.BROADCAST, purpose, group, tensor, tensor.spec());
  }

  @Override
  public List<TraceTensor> allToAllRows(
      Purpose purpose, Group group, List<TraceTensor> rows, RowCounts counts) {
    for (TraceTensor tensor : rows) {
      Optional<String> mismatch = counts.mismatch(tensor.spec(), group.size());
      if (mismatch.isPresent()) {
        throw rank.error("allToAllRows", mismatch.get());
      }
    }
    int index = transfer(TransferKind.ALL_TO_ALL_ROWS, purpose, group, rows);
    return rows.stream()
        .map(tensor -> tensor.spec().resized(Axis.BATCH, counts.allReceived()))
        .map(arriving -> rank.result(index, arriving))
        .toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException always: a trace has no numbers that could decide a count
   */
  @Override
  public List<Integer> exchangeCounts(Group group, List<Integer> sent) {
    throw new IllegalStateException("a trace is told the rows of an exchange, it cannot ask");
  }

  /** {@inheritDoc} The operands are the blocks that a receiver gets from this rank. */
  @Override
  public List<TraceTensor> gatherBlocks(
      Purpose purpose, Group group, int receivers, Axis split, List<TraceTensor> tensors) {
    List<TraceTensor> blocks = new ArrayList<>();
    for (TraceTensor tensor : tensors) {
      int size = size("gatherBlocks", split, tensor.spec());
      if (size % receivers != 0) {
        throw rank.error(
            "gatherBlocks", "%s=%d for %d receivers".formatted(split, size, receivers));
      }
      blocks.add(tensor.resized(split, size / receivers));
    }
    boolean receives = group.indexOf(rank.rank()) < receivers;
    Transfer.Peers peers =
        new Transfer.Peers(receives ? receivers - 1 : receivers, receives ? group.size() - 1 : 0);
    int index =
        transfer(
            TransferKind.GATHER_BLOCKS,
            purpose,
            new Transfer.Contribution(group, specs(blocks), peers),
            blocks);
    if (!receives) {
      return List.of();
    }
    return blocks.stream()
        .map(
            block ->
                rank.result(index, block.spec().stacked(Axis.SHARDS, group.size()))
                    .withParts(block.partsWithTokens()))
        .toList();
  }

  @Override
  public TraceTensor receiveBroadcast(Purpose purpose, Group group, int root, Spec spec) {
    int index = transfer(TransferKind.BROADCAST, purpose, group, List.of());
    return rank.result(index, spec);
  }

  @Override
  public void send(Purpose purpose, Group pair, TraceTensor tensor) {
    requireIndex("send", pair, 0);
    transfer(TransferKind.POINT_TO_POINT, purpose, pair, List.of(tensor));
  }

  /** {@inheritDoc} The rank that receives brings no operands. */
  @Override
  public TraceTensor receive(Purpose purpose, Group pair, Spec spec) {
    requireIndex("receive", pair, 1);
    int index = transfer(TransferKind.POINT_TO_POINT, purpose, pair, List.of());
    return rank.result(index, spec);
  }

  private void requireIndex(String name, Group pair, int index) {
    if (pair.size() != 2 || pair.indexOf(rank.rank()) != index) {
      throw rank.error(name, "expected the rank that sends, then the one that receives: " + pair);
    }
  }

  private TraceTensor single(
      TransferKind kind, Purpose purpose, Group group, TraceTensor operand, Spec result) {
    int index = transfer(kind, purpose, group, List.of(operand));
    return rank.result(index, result);
  }

  private int transfer(
      TransferKind kind, Purpose purpose, Group group, List<TraceTensor> operands) {
    return transfer(kind, purpose, new Transfer.Contribution(group, specs(operands)), operands);
  }

  private int transfer(
      TransferKind kind,
      Purpose purpose,
      Transfer.Contribution brought,
      List<TraceTensor> operands) {
    if (!brought.group().ranks().contains(rank.rank())) {
      throw rank.error(kind.operation(), "the rank is no member of " + brought.group());
    }
    operands.forEach(operand -> rank.requireOwn(kind.operation(), operand));
    return rank.add(kind, purpose, brought, operands);
  }

  private static List<Spec> specs(List<TraceTensor> operands) {
    return operands.stream().map(TraceTensor::spec).toList();
  }

  private int size(String name, Axis axis, Spec spec) {
    if (!spec.has(axis)) {
      throw rank.error(name, spec + " has no axis " + axis);
    }
    return spec.size(axis);
  }

  private int block(String name, Group group, Axis axis, Spec spec) {
    int size = size(name, axis, spec);
    if (size % group.size() != 0) {
      throw rank.error(
          name,
          "%s=%d of %s is not divisible by the group's size %d"
              .formatted(axis, size, spec, group.size()));
    }
    return size / group.size();
  }
}
