package dev.helix.runtime.sharded.stages;

import dev.helix.attention.convention.Marks;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;

/** The partial states that a rank merges for its own heads, as the dump has them. */
final class MergeInputs {
  private final ShardedStep step;
  private final StepShape shape;
  private final boolean received;
  private final boolean readsMarks;

  MergeInputs(ShardedStep step) {
    this(step, true);
  }

  private MergeInputs(ShardedStep step, boolean readsMarks) {
    this.readsMarks = readsMarks;
    this.step = step;
    this.shape = step.facts().shape();
    this.received = step.has(StepTensor.RECEIVED_OUTPUT) && step.has(StepTensor.RECEIVED_LSE);
  }

  /** The same for a merge that takes marks of parts without tokens for log-sum-exps. */
  MergeInputs withoutMarks() {
    return new MergeInputs(step, false);
  }

  /** Whether the dump has what the ranks merge. */
  boolean areThere() {
    return received || (step.has(StepTensor.PARTIAL_OUTPUT) && step.has(StepTensor.PARTIAL_LSE));
  }

  /**
   * What a rank merges, with log-sum-exps as numbers of the convention's base and −∞ for a part
   * without tokens.
   */
  PlainStates of(int rank) {
    return received ? received(rank) : sent(rank, false);
  }

  /** Whether they are what each rank received, and not what the senders have dumped. */
  boolean areReceived() {
    return received;
  }

  /** What a rank would merge if it received what the senders have dumped. */
  PlainStates ofSenders(int rank) {
    return sent(rank, false);
  }

  /** What a rank merges if each sender's log-sum-exps {@code [T, H]} are read as {@code [H, T]}. */
  PlainStates transposedBeforeTheExchange(int rank) {
    return sent(rank, true);
  }

  /** Whether senders' states are there, so that they can be read in another order. */
  boolean haveSenders() {
    return step.has(StepTensor.PARTIAL_OUTPUT) && step.has(StepTensor.PARTIAL_LSE);
  }

  private PlainStates received(int rank) {
    RankStep receiver = step.ranks().get(rank);
    double[] lses = receiver.get(StepTensor.RECEIVED_LSE).clone();
    for (int i = 0; i < lses.length; i++) {
      lses[i] = unmarked(lses[i]);
    }
    return new PlainStates(
        shape.kvp(),
        step.facts().tokens().size() * shape.ownHeads(),
        shape.ownHeads(),
        receiver.get(StepTensor.RECEIVED_OUTPUT),
        lses);
  }

  private PlainStates sent(int rank, boolean transposed) {
    int own = shape.ownHeads();
    int tokens = step.facts().tokens().size();
    int dim = shape.valueDim();
    int rows = tokens * own;
    double[] outputs = new double[shape.kvp() * rows * dim];
    double[] lses = new double[shape.kvp() * rows];
    for (RankStep sender : step.ranks()) {
      double[] sentLses = sender.get(StepTensor.PARTIAL_LSE);
      double[] sentOutputs = sender.get(StepTensor.PARTIAL_OUTPUT);
      for (int row = 0; row < rows; row++) {
        int token = row / own;
        int head = rank * own + row % own;
        int from = token * shape.heads() + head;
        int at = sender.rank() * rows + row;
        lses[at] = unmarked(sentLses[transposed ? head * tokens + token : from]);
        System.arraycopy(sentOutputs, from * dim, outputs, at * dim, dim);
      }
    }
    return new PlainStates(shape.kvp(), rows, own, outputs, lses);
  }

  private double unmarked(double lse) {
    Marks marks = step.facts().forms().convention().marks();
    return readsMarks && marks.mayBeRead(lse) ? Double.NEGATIVE_INFINITY : lse;
  }
}
