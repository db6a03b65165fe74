package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.schedule.StepProgram.Durations;
import dev.helix.runtime.timing.schedule.StepProgram.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline that is kept full: steps follow each other for ever, each as early as the one before
 * it lets it.
 *
 * <p>A micro-batch enters the first stage again when its tokens are there, and a stream runs the
 * first operation of a step after the last one of the step before. Every start is then a maximum of
 * sums of durations, and the time from one token of a request to its next is the largest mean of
 * any cycle: the durations along a chain of operations that comes back to its beginning, divided by
 * the number of steps that it passes (Baccelli et al., Synchronization and Linearity, §3.2). For
 * equal micro-batches the chain is the way of one of them through all stages, or all of them
 * through the slowest stage.
 *
 * <p>The period is found from below. If no schedule repeats itself with a period, then the chain of
 * what the latest operation waited for has a cycle with a larger mean, which is the next period.
 */
final class SteadyState {
  private final StepProgram program;
  private final Durations durations;
  private final int microBatches;

  /** The operations with which a micro-batch begins, each with the number of its micro-batch. */
  private final Map<Integer, Integer> entries = new HashMap<>();

  private double period;
  private Round last;

  private SteadyState(StepProgram program, Durations durations) {
    this.program = program;
    this.durations = durations;
    this.microBatches = program.joint().microBatches().count();
    for (int[] action : program.actions()) {
      if (Arrays.stream(action).allMatch(one -> program.results(one).length == 0)) {
        for (int one : action) {
          entries.put(one, microBatch(one));
        }
      }
    }
  }

  /**
   * The steady state of a step. One that passes as one batch waits for all of the one before.
   *
   * @throws IllegalArgumentException if pieces hold each other back in several micro-batches, as
   *     what they wait for is in no chain from which a period is found
   */
  static SteadyState of(StepProgram program, Durations durations) {
    SteadyState steady = new SteadyState(program, durations);
    if (steady.microBatches == 1) {
      steady.last = steady.first();
      steady.period = steady.last.times.ttlMicros();
    } else if (Arrays.stream(durations.heldBack()).anyMatch(before -> before >= 0)) {
      throw new IllegalArgumentException(
          "%d micro-batches: expected 1, or no exchange in pieces that share one latency"
              .formatted(steady.microBatches));
    } else {
      steady.settle();
    }
    return steady;
  }

  /** The time from one token of a request to its next. */
  double periodMicros() {
    return period;
  }

  /** The times of one step. */
  Times times() {
    return last.times;
  }

  /** Says which operation those of an action waited for last; empty at the start of all. */
  Optional<Waited> waited(int[] action) {
    return last.cause(action).map(cause -> new Waited(program.operation(cause.one), cause.crosses));
  }

  private void settle() {
    List<Round> rounds = new ArrayList<>(List.of(first()));
    while (true) {
      last = rounds.get(rounds.size() - 1);
      Round next = last.next(rounds.size());
      if (next.raised < 0) {
        return;
      }
      if (rounds.size() > program.operations()) {
        throw new IllegalStateException(
            "a pipeline that does not settle at %s µs".formatted(period));
      }
      next.times = program.times(durations, next.notBefore);
      rounds.add(next);
      double mean = cycleMean(rounds, next, next.raised);
      if (mean <= period) {
        // It may still wait for something else, while what raised its bound is late. (Most often
        // the
        // cycle passes through it, and is found a round earlier than from what raised its bound.)
        mean = cycleMean(rounds, last, next.setBy[next.raised]);
      }
      if (mean > period) {
        period = mean;
        rounds.subList(1, rounds.size()).clear();
      }
    }
  }

  private Round first() {
    Round first = new Round(0, new double[microBatches == 1 ? 0 : program.operations()]);
    first.times = program.times(durations, first.notBefore);
    return first;
  }

  /**
   * The mean of the cycle in the chain of what an operation waited for; 0 if there is none, or if
   * it is no longer than the period. All operations of an exchange count as its first one.
   *
   * @param rounds all rounds so far
   * @param within the round of the operation
   */
  private double cycleMean(List<Round> rounds, Round within, int from) {
    Map<Integer, double[]> seen = new HashMap<>();
    Map<Integer, int[]> actionOf = actionOf();
    int one = from;
    Round round = within;
    double before = 0;
    int steps = 0;
    while (true) {
      int[] action = actionOf.get(one);
      double start = round.times.startMicros(one) - before;
      double[] earlier = seen.putIfAbsent(action[0], new double[] {start, steps});
      if (earlier != null) {
        double crossed = steps - earlier[1];
        double length = earlier[0] - start;
        return length - crossed * period > 2 * rounding() ? length / crossed : 0;
      }
      Optional<Cause> cause = round.cause(action);
      if (cause.isEmpty()) {
        return 0;
      }
      if (cause.get().crosses) {
        round = rounds.get(round.since[cause.get().entered] - 1);
        before += period;
        steps++;
      }
      one = cause.get().one;
    }
  }

  private Map<Integer, int[]> actionOf() {
    Map<Integer, int[]> actionOf = new HashMap<>();
    for (int[] action : program.actions()) {
      for (int one : action) {
        actionOf.put(one, action);
      }
    }
    return actionOf;
  }

  /** What the additions of a step may round at most: half an ULP each, of two for an operation. */
  private double rounding() {
    return program.operations() * Math.ulp(last.times.ttlMicros());
  }

  private int microBatch(int one) {
    OperationAt at = program.operation(one);
    return program.joint().microBatches().of(at.kind(), at.index());
  }

  /**
   * The operation that an action waited for.
   *
   * @param one index of the operation
   * @param crosses whether it belongs to the step before
   * @param entered index of the operation of the action that waited for it
   */
  private record Cause(int one, boolean crosses, int entered) {}

  /** One step, no part of which starts before the step before it lets it. */
  private final class Round {
    private final int number;
    private final double[] notBefore;

    /** For each operation the round in which its bound was set, and what has set it. */
    private final int[] since;

    private final int[] setBy;

    /** The operation whose bound has grown most over the round before, or −1. */
    private int raised = -1;

    private Times times;

    Round(int number, double[] notBefore) {
      this.number = number;
      this.notBefore = notBefore;
      this.since = new int[notBefore.length];
      this.setBy = new int[notBefore.length];
    }

    /** The round after this one, without its times. */
    Round next(int following) {
      Round next = new Round(following, notBefore.clone());
      System.arraycopy(since, 0, next.since, 0, since.length);
      System.arraycopy(setBy, 0, next.setBy, 0, setBy.length);
      int[] tokens = tokens();
      // A bound that grows by no more than all additions of a step round has not grown.
      double most = 4 * rounding();
      for (int one = 0; one < notBefore.length; one++) {
        int before = program.streamLast(one);
        double more = before < 0 ? 0 : next.raise(one, before, times.freeMicros(before));
        Integer entering = entries.get(one);
        if (entering != null) {
          int token = tokens[entering];
          more = Math.max(more, next.raise(one, token, times.endMicros(token)));
        }
        if (more > most) {
          most = more;
          next.raised = one;
        }
      }
      return next;
    }

    private double raise(int one, int by, double micros) {
      double more = micros - period - notBefore[one];
      if (more > 0) {
        notBefore[one] = micros - period;
        since[one] = number;
        setBy[one] = by;
      }
      return more;
    }

    /** For each micro-batch the operation with the last result, which has its tokens. */
    private int[] tokens() {
      int[] tokens = new int[microBatches];
      Arrays.fill(tokens, -1);
      for (int one = 0; one < program.operations(); one++) {
        int of = microBatch(one);
        if (tokens[of] < 0 || times.endMicros(one) > times.endMicros(tokens[of])) {
          tokens[of] = one;
        }
      }
      return tokens;
    }

    /** What an action waited for last; of equals a result of the same step, then its stream. */
    Optional<Cause> cause(int[] action) {
      Cause cause = null;
      double latest = 0;
      for (int one : action) {
        if (notBefore.length > 0 && notBefore[one] > 0 && notBefore[one] >= latest) {
          latest = notBefore[one];
          cause = new Cause(setBy[one], true, one);
        }
      }
      for (int one : action) {
        int before = program.streamBefore(one);
        if (before >= 0 && times.freeMicros(before) >= latest) {
          latest = times.freeMicros(before);
          cause = new Cause(before, false, one);
        }
      }
      for (int one : action) {
        for (int before : program.results(one)) {
          if (times.endMicros(before) >= latest) {
            latest = times.endMicros(before);
            cause = new Cause(before, false, one);
          }
        }
      }
      return Optional.ofNullable(cause);
    }
  }
}
