package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferCosts;
import dev.helix.runtime.timing.machine.TransferFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Transfer;

/** What exchanges cost, after LogGP: latency does not occupy the link, bytes do. */
public final class TransferModel {
  private final Machine machine;

  public TransferModel(Machine machine) {
    this.machine = machine;
  }

  /**
   * The cost of an exchange; of an all-reduce that of the quicker of its two ways, in which what
   * the slower latency has more counts as busy: the rounds of one all-reduce wait for each other.
   * So a faster link never makes the link busy for longer, as it would at the point where the ways
   * change places. A group of one has nothing to exchange.
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
      case ALL_GATHER -> by(TransferFamily.ALL_GATHER, transfer);
      case REDUCE_SCATTER -> by(TransferFamily.REDUCE_SCATTER, transfer);
      // To one other rank as to several: the switch makes the copies.
      case BROADCAST, POINT_TO_POINT -> by(TransferFamily.BROADCAST, transfer);
      case ALL_TO_ALL, ALL_TO_ALL_ROWS -> by(allToAll(transfer.phase()), transfer);
    };
  }

  /** The cost of an exchange in a given way. */
  public Cost by(TransferFamily family, Transfer transfer) {
    TransferCosts costs = machine.preset().transfers().get(family);
    long bytes = sent(family, transfer.group().size(), machine.bytes(transfer.operands()));
    boolean onBoard = transfer.group().size() <= machine.gpu().boardGpus().value();
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
   * Bytes that one rank sends, of {@code operand} bytes that it brings; on average over the group,
   * where it does not divide them.
   */
  static long sent(TransferFamily family, int group, long operand) {
    long others = group - 1L;
    return switch (family) {
      case ONE_SHOT_ALL_REDUCE, ALL_GATHER -> Math.multiplyExact(operand, others);
      // The switch makes the copies.
      case BROADCAST -> operand;
      case TWO_SHOT_ALL_REDUCE -> 2 * share(operand, group);
      case REDUCE_SCATTER, ALL_TO_ALL -> share(operand, group);
      // Of tokens for experts, each assignment is sent to one rank.
      case DISPATCH, COMBINE -> operand;
    };
  }

  private static long share(long operand, int group) {
    return Math.multiplyExact(operand, group - 1L) / group;
  }
}
