package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferCosts;
import dev.helix.runtime.timing.machine.TransferFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Transfer;

/** The cost of exchanges, after LogGP: latency does not occupy the link, but bytes do. */
public final class TransferModel {
  private final Machine machine;

  public TransferModel(Machine machine) {
    this.machine = machine;
  }

  /**
   * The cost of an exchange. An exchange in a group of one costs nothing.
   *
   * <p>An all-reduce has two ways, and its cost is that of the quicker one. If the quicker way has
   * the longer latency, the difference counts as busy time, because the rounds of one all-reduce
   * wait for each other. So a faster link never makes the link busy for longer, as it would at the
   * point where the ways change places.
   */
  public Cost of(Transfer transfer) {
    if (transfer.group().size() == 1) {
      return new Cost(0, 0, 0);
    }
    return switch (transfer.kind()) {
      case ALL_REDUCE, PARTIAL_ALL_REDUCE -> {
        Cost oneShot = by(TransferFamily.ONE_SHOT_ALL_REDUCE, transfer);
        Cost twoShot = by(TransferFamily.TWO_SHOT_ALL_REDUCE, transfer);
        Cost quicker = oneShot.micros() <= twoShot.micros() ? oneShot : twoShot;
        double latency = Math.min(oneShot.latencyMicros(), twoShot.latencyMicros());
        yield new Cost(latency, quicker.micros() - latency, quicker.bytes());
      }
      // A receiver takes in a block from each of the others, one after the other.
      case ALL_GATHER, GATHER_BLOCKS -> by(TransferFamily.ALL_GATHER, transfer);
      case REDUCE_SCATTER -> by(TransferFamily.REDUCE_SCATTER, transfer);
      case BROADCAST -> by(TransferFamily.BROADCAST, transfer);
      // There is no measurement of its own. The link is that of a broadcast, and a stage hands its
      // state to the next one across boards, though the two ranks are a group of two.
      case POINT_TO_POINT -> by(TransferFamily.BROADCAST, transfer, onOneBoard(transfer));
      case ALL_TO_ALL, ALL_TO_ALL_ROWS -> by(allToAll(transfer.phase()), transfer);
    };
  }

  /** The cost of an exchange that is made in a given way. */
  public Cost by(TransferFamily family, Transfer transfer) {
    boolean onBoard = transfer.group().size() <= machine.gpu().boardGpus().value();
    return by(family, transfer, onBoard);
  }

  /** Whether two ranks are on one board; ranks are numbered board by board. */
  private boolean onOneBoard(Transfer transfer) {
    int gpus = (int) machine.gpu().boardGpus().value();
    return transfer.group().ranks().stream().map(rank -> rank / gpus).distinct().count() == 1;
  }

  private Cost by(TransferFamily family, Transfer transfer, boolean onBoard) {
    TransferCosts costs = machine.preset().transfers().get(family);
    long bytes = sent(family, transfer.group().size(), machine.bytes(transfer.operands()));
    double latency = (onBoard ? costs.latencyOnBoard() : costs.latencyBeyond()).value();
    double ramp = Math.min(costs.rampCap().value(), bytes / 1e6 * costs.rampTime().value());
    double busy = bytes / (machine.gpu().linkBytesPerMicro() * costs.efficiency().value());
    return new Cost(latency + ramp, busy, bytes);
  }

  private static TransferFamily allToAll(Phase phase) {
    return switch (phase) {
      case DISPATCH -> TransferFamily.DISPATCH;
      case COMBINE -> TransferFamily.COMBINE;
      default -> TransferFamily.ALL_TO_ALL;
    };
  }

  /**
   * The bytes that one rank sends if it brings {@code operand} bytes. Where the group does not
   * divide them, this is the average over the group.
   */
  static long sent(TransferFamily family, int group, long operand) {
    long others = group - 1L;
    return switch (family) {
      case ONE_SHOT_ALL_REDUCE, ALL_GATHER -> Math.multiplyExact(operand, others);
      // The switch makes the copies.
      case BROADCAST -> operand;
      case TWO_SHOT_ALL_REDUCE -> 2 * share(operand, group);
      case REDUCE_SCATTER, ALL_TO_ALL -> share(operand, group);
      // Each assignment of a token to an expert is sent to one rank.
      case DISPATCH, COMBINE -> operand;
    };
  }

  private static long share(long operand, int group) {
    return Math.multiplyExact(operand, group - 1L) / group;
  }
}
