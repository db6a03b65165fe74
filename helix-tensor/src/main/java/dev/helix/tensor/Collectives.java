package dev.helix.tensor;

import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The vocabulary of exchanges between ranks. Every member of the group must make the same calls, on
 * operands of the same specs, in the same order; anything else is an error on all ranks.
 *
 * <p>Sums are taken in the order of the group's members, on every rank alike: results are
 * bit-for-bit equal on all members and from run to run.
 *
 * @param <T> the reading's tensor
 */
public interface Collectives<T extends Tensor> {
  /**
   * Splits each tensor along {@code split} into as many equal blocks as the group has members,
   * sends block i to member i, and stacks what arrives, in group order, along a new outermost axis
   * {@link Axis#SHARDS}. All tensors travel in one exchange, as one launch.
   *
   * <p>Applied twice along {@link Axis#SHARDS} it is the identity: a block transposition.
   *
   * @param tensors each with the axis {@code split}, of a size that the group's size divides
   * @return for a tensor {@code [.., split=n·g, ..]}: {@code [shards=g, .., split=n, ..]}
   */
  List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors);

  /**
   * The sum of every member's tensor, on every member.
   *
   * @param partial of the same spec on every member
   */
  T allReduce(Purpose purpose, Group group, T partial);

  /**
   * The sum of every member's tensor, on every member, where it is itself a term of a sum that goes
   * on: what {@link Kernels#partialLinear} is to {@link Kernels#linear}. Apart from {@link
   * #allReduce} because a reading may leave it unrounded; one that rounds has no difference to
   * make.
   *
   * @param partial of the same spec on every member
   */
  default T partialAllReduce(Purpose purpose, Group group, T partial) {
    return allReduce(purpose, group, partial);
  }

  /** Every member's tensor, concatenated along {@code axis} in group order, on every member. */
  T allGather(Purpose purpose, Group group, Axis axis, T tensor);

  /**
   * The sum of every member's tensor, of which member i keeps the i-th of equal blocks along {@code
   * axis}.
   */
  T reduceScatter(Purpose purpose, Group group, Axis axis, T partial);

  /**
   * The tensor of the member whose rank is {@code root}, on every member.
   *
   * @param tensor the value on the root; elsewhere a tensor of the same spec, whose numbers are not
   *     used
   */
  T broadcast(Purpose purpose, Group group, int root, T tensor);

  /**
   * All-to-all of rows with uneven counts: the first {@code counts.sent().get(0)} rows go to member
   * 0, the next to member 1, and so on; what arrives is put one behind the other in the order of
   * the group. So tokens go to their experts and back.
   *
   * @param rows {@code [batch=allSent, ..]}, of the same other axes on every member
   * @param counts what this rank sends and receives; a member that announces another number of rows
   *     than is expected of it is an error that names both
   * @return {@code [batch=allReceived, ..]}
   */
  T allToAllRows(Purpose purpose, Group group, T rows, RowCounts counts);

  /**
   * Gives a tensor to another rank, which {@link #receive receives} it: from one stage of a
   * pipeline to the next. Waits until the other rank has come to receive.
   *
   * @param pair this rank, then the one that receives
   */
  void send(Purpose purpose, Group pair, T tensor);

  /**
   * The tensor that another rank {@link #send sends}.
   *
   * @param pair the rank that sends, then this one
   * @param spec of the tensor, which both ranks know
   */
  T receive(Purpose purpose, Group pair, Spec spec);
}
