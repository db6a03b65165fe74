package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferCosts;
import dev.helix.runtime.timing.machine.TransferFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The cost of exchanges, after LogGP: latency does not occupy the link, but bytes do. */
public final class TransferModel {
  private final Machine machine;

  public TransferModel(Machine machine) {
    this.machine = machine;
  }

  /**
   * The cost of an exchange. An exchange in a group of one costs nothing.
   *
   * <p>An all-reduce has two ways, and beyond a board a third, in the switch. Its cost is that of
   * the quickest one. If the quickest way has a longer latency than another, the difference counts
   * as busy time, because the rounds of one all-reduce wait for each other. So a faster link never
   * makes the link busy for longer, as it would at the point where the ways change places.
   */
  public Cost of(Transfer transfer) {
    if (transfer.group().size() == 1) {
      return new Cost(0, 0, 0);
    }
    return switch (transfer.kind()) {
      case ALL_REDUCE, PARTIAL_ALL_REDUCE -> {
        List<Cost> ways = waysToReduce(transfer);
        Cost quickest = Collections.min(ways, Comparator.comparingDouble(Cost::micros));
        double latency = ways.stream().mapToDouble(Cost::latencyMicros).min().orElseThrow();
        yield new Cost(latency, quickest.micros() - latency, quickest.bytes());
      }
      case GATHER_BLOCKS -> gather(transfer);
      case ALL_GATHER -> by(TransferFamily.ALL_GATHER, transfer);
      case REDUCE_SCATTER -> by(TransferFamily.REDUCE_SCATTER, transfer);
      case BROADCAST -> by(TransferFamily.BROADCAST, transfer);
      // There is no measurement of its own. The link is that of a broadcast.
      case POINT_TO_POINT -> by(TransferFamily.BROADCAST, transfer);
      case ALL_TO_ALL, ALL_TO_ALL_ROWS -> by(allToAll(transfer.phase()), transfer);
    };
  }

  /**
   * The cost of blocks that some ranks of a group take from all others. It is the all-to-all that
   * this is a part of: a block goes straight from its source to its destination. A rank's link is
   * busy until the last of its blocks has left or arrived, whichever is later.
   */
  private Cost gather(Transfer transfer) {
    TransferCosts costs = machine.preset().transfers().get(TransferFamily.ALL_TO_ALL);
    long block = machine.bytes(transfer.operands());
    long sent = Math.multiplyExact(block, (long) transfer.peers().sendsTo());
    long received = Math.multiplyExact(block, (long) transfer.peers().receivesFrom());
    return timed(costs, transfer, Math.max(sent, received), sent);
  }

  /** The costs of an all-reduce in each way. Measured programs use the switch beyond boards. */
  private List<Cost> waysToReduce(Transfer transfer) {
    List<Cost> ways = new ArrayList<>();
    ways.add(by(TransferFamily.ONE_SHOT_ALL_REDUCE, transfer));
    ways.add(by(TransferFamily.TWO_SHOT_ALL_REDUCE, transfer));
    if (machine.preset().transfers().containsKey(TransferFamily.IN_SWITCH_ALL_REDUCE)
        && !onOneBoard(transfer)) {
      ways.add(by(TransferFamily.IN_SWITCH_ALL_REDUCE, transfer));
    }
    return ways;
  }

  /** Whether all members are on one board; ranks are numbered board by board. */
  private boolean onOneBoard(Transfer transfer) {
    int gpus = (int) machine.gpu().boardGpus().value();
    List<Integer> ranks = transfer.group().ranks();
    for (int rank : ranks) {
      if (rank / gpus != ranks.get(0) / gpus) {
        return false;
      }
    }
    return true;
  }

  /** The cost of an exchange that is made in a given way. */
  public Cost by(TransferFamily family, Transfer transfer) {
    TransferCosts costs = machine.preset().transfers().get(family);
    long bytes = sent(family, transfer.group().size(), machine.bytes(transfer.operands()));
    return timed(costs, transfer, bytes, bytes);
  }

  /** The time in which so many bytes pass a link one way, of which the rank sends {@code sent}. */
  private Cost timed(TransferCosts costs, Transfer transfer, long bytes, long sent) {
    double latency = costs.latencyMicros(transfer.group().size(), onOneBoard(transfer));
    double ramp = Math.min(costs.rampCap().value(), bytes / 1e6 * costs.rampTime().value());
    double busy = bytes / (machine.gpu().linkBytesPerMicro() * costs.efficiency().value());
    return new Cost(latency + ramp, busy, sent);
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
      case BROADCAST, IN_SWITCH_ALL_REDUCE -> operand;
      case TWO_SHOT_ALL_REDUCE -> 2 * share(operand, group);
      case REDUCE_SCATTER, ALL_TO_ALL -> share(operand, group);
      // Each assignment of a token to an expert is sent to one rank.
      case DISPATCH, COMBINE, TWO_SIDED_DISPATCH, TWO_SIDED_COMBINE -> operand;
    };
  }

  private static long share(long operand, int group) {
    return Math.multiplyExact(operand, group - 1L) / group;
  }
}
