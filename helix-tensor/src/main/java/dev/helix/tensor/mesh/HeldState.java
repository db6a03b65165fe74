package dev.helix.tensor.mesh;

import dev.helix.tensor.Group;
import java.util.List;

/**
 * Says how the ranks of a group hold a hidden state {@code [batch, hidden]} between two parts of a
 * model. A strategy states for each part how the part takes the state and how it leaves it; where
 * the two do not fit, an exchange is missing. In Helix every part leaves a state that is {@link
 * Replicated} on all ranks (Helix Parallelism §2.1, §2.2).
 *
 * <p>Ranks outside of the group hold nothing of the state. On a group of one rank all ways are the
 * same: that rank has the whole.
 */
public sealed interface HeldState
    permits HeldState.Replicated,
        HeldState.SplitByBatch,
        HeldState.SplitBySequence,
        HeldState.PartialSum {
  /** The ranks that hold it. */
  Group group();

  /**
   * Every member has the whole state, with the same bits.
   *
   * @param group the ranks that hold it
   */
  record Replicated(Group group) implements HeldState {
    @Override
    public Group copies(int rank) {
      return group.ranks().contains(rank) ? group : alone(rank);
    }

    @Override
    public String toString() {
      return "replicated on " + group;
    }
  }

  /**
   * The i-th owner has the rows of the i-th share of the requests, {@code [batch=own, hidden]}, and
   * no other owner has them. An owner is a group of ranks that all have its rows, with the same
   * bits; often it is a single rank. Shares may differ in size and be empty.
   *
   * @param owners groups that have no rank in common, in the order of their shares
   */
  record SplitByBatch(List<Group> owners) implements HeldState {
    public SplitByBatch {
      owners = List.copyOf(owners);
      // This refuses a rank that has two shares.
      ranksOf(owners);
    }

    /** Makes each member of a group an owner by itself, in the group's order. */
    public SplitByBatch(Group group) {
      this(group.ranks().stream().map(HeldState::alone).toList());
    }

    @Override
    public Group group() {
      return ranksOf(owners);
    }

    private static Group ranksOf(List<Group> owners) {
      return new Group("all", owners.stream().flatMap(owner -> owner.ranks().stream()).toList());
    }

    @Override
    public Group copies(int rank) {
      return owners.stream()
          .filter(owner -> owner.ranks().contains(rank))
          .findFirst()
          .orElseGet(() -> alone(rank));
    }

    @Override
    public String toString() {
      boolean single = owners.stream().allMatch(owner -> owner.size() == 1);
      return "split by batch over " + (single ? group() : owners);
    }
  }

  /**
   * Each member has the rows of some query tokens of every request, in the order of the sequence:
   * the i-th member has the i-th run. In a step with one token for each request there is nothing to
   * split in this way.
   *
   * @param group the ranks that hold it, in the order of their runs
   */
  record SplitBySequence(Group group) implements HeldState {
    @Override
    public String toString() {
      return "split by sequence over " + group;
    }
  }

  /**
   * Each member has one term {@code [batch, hidden]} of a sum; the state is the sum of all terms in
   * the order of the group.
   *
   * @param group the ranks that hold the terms
   */
  record PartialSum(Group group) implements HeldState {
    @Override
    public String toString() {
      return "a partial sum over " + group;
    }
  }

  /**
   * Whether a part that needs the state held as {@code needed} can take this one without an
   * exchange. It can if the same ranks hold it in the same way, or if it is replicated and the
   * ranks that need it are among those that have it. The names of the groups make no difference.
   */
  default boolean fits(HeldState needed) {
    boolean whole = this instanceof Replicated || group().size() == 1;
    boolean needsWhole = needed instanceof Replicated || needed.group().size() == 1;
    if (whole && needsWhole) {
      List<Integer> own = group().ranks();
      List<Integer> asked = needed.group().ranks();
      return own.equals(asked) || own.containsAll(asked);
    }
    return getClass() == needed.getClass() && shares(this).equals(shares(needed));
  }

  /** The ranks of each share in turn, as lists that ignore the names of groups. */
  private static List<List<Integer>> shares(HeldState state) {
    List<Group> shares =
        state instanceof SplitByBatch split ? split.owners() : List.of(state.group());
    return shares.stream().map(Group::ranks).toList();
  }

  /**
   * The ranks that hold the same rows as a rank, with the same bits. It is one of them, and often
   * the only one.
   */
  default Group copies(int rank) {
    return alone(rank);
  }

  private static Group alone(int rank) {
    return new Group("self[" + rank + "]", List.of(rank));
  }

  /**
   * Checks that the state that one part leaves is what the next part needs.
   *
   * @param from the part that leaves this state, for the message
   * @param to the part that needs the other state, for the message
   * @throws IllegalArgumentException naming both parts and both states if the state does not {@link
   *     #fits fit}
   */
  default void requireFits(String from, String to, HeldState needed) {
    if (!fits(needed)) {
      throw new IllegalArgumentException(
          "%s leaves the hidden state %s, but %s needs it %s: an exchange is missing between them"
              .formatted(from, this, to, needed));
    }
  }
}
