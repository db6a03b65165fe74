package dev.helix.tensor;

import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The exchanges between ranks, from which the decode program is built. Every member of the group
 * must make the same calls, on operands of the same specs, in the same order; anything else is an
 * error on all ranks.
 *
 * <p>Every rank adds the terms of a sum in the order of the group's members. So results are equal
 * bit for bit on all members and from run to run.
 *
 * @param <T> the tensor type of the reading
 */
public interface Collectives<T extends Tensor> {
  /**
   * Splits each tensor along {@code split} into as many equal blocks as the group has members,
   * sends block i to member i, and stacks what arrives, in group order, along a new outermost axis
   * {@link Axis#SHARDS}. All tensors travel in one exchange, as one launch.
   *
   * <p>The exchange is a transposition of blocks: applied twice along {@link Axis#SHARDS}, it is
   * the identity.
   *
   * @param tensors each with the axis {@code split}, of a size that the group's size divides
   * @return for a tensor {@code [.., split=n·g, ..]}: {@code [shards=g, .., split=n, ..]}
   */
  List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors);

  /**
   * The sum of every member's tensor, on every member.
   *
   * @param partial a tensor of the same spec on every member
   */
  T allReduce(Purpose purpose, Group group, T partial);

  /**
   * The sum of every member's tensor, on every member, where this sum is itself one term of a
   * larger sum. It relates to {@link #allReduce} as {@link Kernels#partialLinear} relates to {@link
   * Kernels#linear}: a reading may leave the result unrounded. A reading that rounds every sum does
   * the same in both methods.
   *
   * @param partial a tensor of the same spec on every member
   */
  default T partialAllReduce(Purpose purpose, Group group, T partial) {
    return allReduce(purpose, group, partial);
  }

  /** Every member's tensor, concatenated along {@code axis} in group order, on every member. */
  T allGather(Purpose purpose, Group group, Axis axis, T tensor);

  /**
   * The sum of every member's tensor, cut along {@code axis} into as many equal blocks as the group
   * has members; member i keeps block i.
   */
  T reduceScatter(Purpose purpose, Group group, Axis axis, T partial);

  /**
   * The tensor of the member whose global rank is {@code root}, on every member.
   *
   * @param tensor the value on the root; on other members a tensor of the same spec, whose numbers
   *     are not used
   */
  T broadcast(Purpose purpose, Group group, int root, T tensor);

  /**
   * An all-to-all of rows in which members may send different numbers of rows, as when tokens go to
   * their experts and back. The first {@code counts.sent().get(0)} rows go to member 0, the next to
   * member 1, and so on. What arrives is stacked in the order of the group. All tensors travel in
   * one exchange, as one launch.
   *
   * @param rows at least one, each {@code [batch=allSent, ..]}, with the same other axes on every
   *     member
   * @param counts how many rows this rank sends to each member and receives from each. If a member
   *     sends a number of rows other than this rank expects of it, the error names both numbers
   * @return for each tensor {@code [batch=allReceived, ..]}
   */
  List<T> allToAllRows(Purpose purpose, Group group, List<T> rows, RowCounts counts);

  /** Exchanges the rows of one tensor. */
  default T allToAllRows(Purpose purpose, Group group, T rows, RowCounts counts) {
    return allToAllRows(purpose, group, List.of(rows), counts).get(0);
  }

  /**
   * Tells each member how many rows it will get in the next {@link #allToAllRows}, if the numbers
   * of a tensor have decided that. This launches nothing: on a GPU the rows arrive with their
   * counts.
   *
   * @param sent how many rows go to each member, in the order of the group
   * @return how many rows come from each member
   * @throws IllegalStateException in a reading without numbers, which has to be told the counts
   */
  List<Integer> exchangeCounts(Group group, List<Integer> sent);

  /**
   * An {@link #allToAll} in which only the first members receive. Each tensor is split along {@code
   * split} into as many equal blocks as there are receivers, and block i goes to member i.
   *
   * @param receivers how many of the group's members receive, at least 1
   * @param tensors each with the axis {@code split}, whose size {@code receivers} divides
   * @return for each tensor {@code [shards=g, .., split=n, ..]}; an empty list on other members
   */
  List<T> gatherBlocks(Purpose purpose, Group group, int receivers, Axis split, List<T> tensors);

  /**
   * Receives the tensor that another rank passes to {@link #broadcast}, on a rank that has no
   * tensor to pass itself.
   *
   * @param spec the spec of the tensor, which all members know
   */
  T receiveBroadcast(Purpose purpose, Group group, int root, Spec spec);

  /**
   * Sends a tensor to another rank, which takes it with {@link #receive}: from one stage of a
   * pipeline to the next. Waits until the other rank has come to receive.
   *
   * @param pair two ranks: first this one, then the one that receives
   */
  void send(Purpose purpose, Group pair, T tensor);

  /**
   * Receives the tensor that another rank passes to {@link #send}.
   *
   * @param pair two ranks: first the one that sends, then this one
   * @param spec the spec of the tensor, which both ranks know
   */
  T receive(Purpose purpose, Group pair, Spec spec);
}
