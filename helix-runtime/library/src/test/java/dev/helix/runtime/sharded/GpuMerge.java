package dev.helix.runtime.sharded;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Protocol;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A merge as GPUs compute it, in the formats and under the protocol of a convention. The fields are
 * what a fault changes.
 */
final class GpuMerge {
  /** Turns a dumped LSE into nats. */
  interface Nats {
    double of(LogBase base, double lse);
  }

  /** What a rank makes of the weight of its part, where each rank scales its own. */
  interface Scaled {
    double by(int rank, double weight);
  }

  Scaled scaled = (rank, weight) -> weight;
  Nats nats = LogBase::toNatural;
  int without = -1;
  IntUnaryOperator lseOf = rank -> rank;
  IntUnaryOperator headsOf = rank -> rank;
  boolean divides = true;
  boolean transposesLses;

  double[] merged(DrawnStep step, List<GpuKernel.States> states, int rank) {
    StepShape shape = step.facts.shape();
    int own = shape.ownHeads();
    int tokens = step.facts.tokens().size();
    int dim = shape.valueDim();
    double[] merged = new double[tokens * own * dim];
    for (int row = 0; row < tokens * own; row++) {
      int head = headsOf.applyAsInt(rank) * own + row % own;
      int token = row / own;
      int from = token * shape.heads() + head;
      int lseFrom = transposesLses ? head * tokens + token : from;
      double[] lses = new double[shape.kvp()];
      double[][] outputs = new double[shape.kvp()][dim];
      for (int part = 0; part < lses.length; part++) {
        double lse = states.get(lseOf.applyAsInt(part)).lses()[lseFrom];
        Convention convention = step.facts.forms().convention();
        boolean empty = part == without || convention.marks().mayBeRead(lse);
        lses[part] = empty ? Double.NEGATIVE_INFINITY : (float) nats.of(convention.base(), lse);
        System.arraycopy(states.get(part).outputs(), from * dim, outputs[part], 0, dim);
      }
      row(step.facts.forms().convention(), lses, outputs, merged, row * dim);
    }
    return merged;
  }

  private void row(
      Convention convention, double[] lses, double[][] outputs, double[] into, int at) {
    if (convention.protocol().exchange() == Protocol.Exchange.RING) {
      ring(lses, outputs, into, at);
      return;
    }
    float max = Float.NEGATIVE_INFINITY;
    for (double lse : lses) {
      max = Math.max(max, (float) lse);
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return;
    }
    float sum = 0;
    for (double lse : lses) {
      sum += (float) Math.exp((float) lse - max);
    }
    float whole = max + (float) Math.log(sum);
    DType factor = convention.formats().factor();
    DType accumulator = convention.formats().accumulator();
    boolean renormalises = convention.protocol().renormalises();
    for (int i = 0; i < outputs[0].length; i++) {
      double total = 0;
      for (int part = 0; part < lses.length; part++) {
        if (lses[part] == Double.NEGATIVE_INFINITY) {
          continue;
        }
        float exponent = (float) lses[part] - (renormalises ? max : whole);
        double weight = factor.round(scaled.by(part, (float) Math.exp(exponent)));
        double scaled = accumulator.round(weight * outputs[part][i]);
        total = accumulator.round(total + scaled);
      }
      double answer = renormalises && divides ? accumulator.round(total / sum) : total;
      into[at + i] = convention.formats().answer().round(answer);
    }
  }

  private static void ring(double[] lses, double[][] outputs, double[] into, int at) {
    int dim = outputs[0].length;
    float[] running = new float[dim];
    float lse = Float.NEGATIVE_INFINITY;
    for (int part = 0; part < lses.length; part++) {
      if (lses[part] == Double.NEGATIVE_INFINITY) {
        continue;
      }
      float next = (float) lses[part];
      if (lse == Float.NEGATIVE_INFINITY) {
        for (int i = 0; i < dim; i++) {
          running[i] = (float) outputs[part][i];
        }
        lse = next;
        continue;
      }
      float sigma = (float) (1 / (1 + Math.exp(lse - next)));
      for (int i = 0; i < dim; i++) {
        running[i] -= sigma * (running[i] - (float) outputs[part][i]);
      }
      lse -= (float) Math.log((float) (1 / (1 + Math.exp(next - lse))));
    }
    for (int i = 0; i < dim; i++) {
      into[at + i] = DType.BF16.round(running[i]);
    }
  }
}
