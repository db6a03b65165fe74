package dev.helix.ffn.bounds;

import dev.helix.ffn.baseline.UnshardedSwiGlu;
import java.util.SplittableRandom;

/**
 * An FFN and an input, made to be numerically hard in a chosen way; and the same FFN as a sharded
 * program computes it.
 */
final class SwiGluProblem {
  /** What the sharded program does wrong. */
  enum Fault {
    NONE,
    /** The last rank's slice never arrives. */
    DROPPED_SLICE,
    /** Partial sums are rounded to BF16 before they are added. */
    BF16_PARTIALS,
    /** Gate and up change places. */
    GATE_AND_UP_SWAPPED,
    /** The exponential is that of single precision. */
    FLOAT_EXPONENTIAL
  }

  final int hidden;
  final int intermediate;
  final double[] gate;
  final double[] up;
  final double[] down;
  final double[] x;

  SwiGluProblem(int hidden, int intermediate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    this.hidden = hidden;
    this.intermediate = intermediate;
    this.gate = gaussian(random, intermediate * hidden, 1 / Math.sqrt(hidden));
    this.up = gaussian(random, intermediate * hidden, 1 / Math.sqrt(hidden));
    this.down = gaussian(random, hidden * intermediate, 1 / Math.sqrt(intermediate));
    this.x = gaussian(random, hidden, 1);
  }

  SwiGluProblem withGateScaled(double factor) {
    scale(gate, factor);
    return this;
  }

  SwiGluProblem withUpScaled(double factor) {
    scale(up, factor);
    return this;
  }

  SwiGluProblem withInputScaled(double factor) {
    scale(x, factor);
    return this;
  }

  /** Every gate is near {@code size}. */
  SwiGluProblem withGatesNear(double size) {
    x[0] = 1;
    for (int row = 0; row < intermediate; row++) {
      gate[row * hidden] = size;
    }
    return this;
  }

  /** Neighbouring channels are alike but for the sign with which they enter the output. */
  SwiGluProblem withCancellingChannels(double size) {
    for (int row = 0; row + 1 < intermediate; row += 2) {
      System.arraycopy(gate, row * hidden, gate, (row + 1) * hidden, hidden);
      System.arraycopy(up, row * hidden, up, (row + 1) * hidden, hidden);
      for (int out = 0; out < hidden; out++) {
        down[out * intermediate + row] = size;
        down[out * intermediate + row + 1] = -size * (1 + 1e-9 * out);
      }
    }
    return this;
  }

  UnshardedSwiGlu baseline() {
    return new UnshardedSwiGlu(hidden, intermediate, gate, up, down);
  }

  /** N slices of the intermediate axis, summed in rank order; dot products fused and backwards. */
  double[] sharded(double[] input, int ranks, Fault fault) {
    double[] sum = new double[hidden];
    boolean swapped = fault == Fault.GATE_AND_UP_SWAPPED;
    for (int rank = 0; rank < ranks; rank++) {
      int from = (int) ((long) intermediate * rank / ranks);
      int to = (int) ((long) intermediate * (rank + 1) / ranks);
      double[] activated = new double[intermediate];
      for (int i = from; i < to; i++) {
        double g = dot(swapped ? up : gate, i, input, 0, hidden);
        double u = dot(swapped ? gate : up, i, input, 0, hidden);
        double e = Math.exp(-g);
        activated[i] = g / (1 + (fault == Fault.FLOAT_EXPONENTIAL ? (float) e : e)) * u;
      }
      for (int out = 0; out < hidden; out++) {
        double partial = dot(down, out, activated, from, to);
        boolean dropped = fault == Fault.DROPPED_SLICE && rank == ranks - 1;
        sum[out] += dropped ? 0 : fault == Fault.BF16_PARTIALS ? bf16(partial) : partial;
      }
    }
    return sum;
  }

  private static double dot(double[] weight, int row, double[] x, int from, int to) {
    double sum = 0;
    for (int i = to - 1; i >= from; i--) {
      sum = Math.fma(weight[row * x.length + i], x[i], sum);
    }
    return sum;
  }

  private static double bf16(double x) {
    int bits = Float.floatToRawIntBits((float) x);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }

  private static void scale(double[] numbers, double factor) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factor;
    }
  }

  private static double[] gaussian(SplittableRandom random, int size, double deviation) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}
