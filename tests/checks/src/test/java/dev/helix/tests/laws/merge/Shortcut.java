package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A merge that rounds every operation to the format of its log-sum-exps, and takes a shortcut: it
 * takes off another number than the greatest log-sum-exp, or weighs some parts otherwise.
 */
enum Shortcut {
  /** Exponentials and logarithms of base 2; log-sum-exps are multiplied before and after. */
  IN_BASE_2(greatest -> greatest),
  REFERENCE_OF_WHOLE_NUMBERS(Math::ceil),
  NO_MAXIMUM_BELOW_60(greatest -> Math.abs(greatest) < 60 ? 0 : greatest),
  NO_MAXIMUM_BELOW_80(greatest -> Math.abs(greatest) < 80 ? 0 : greatest),
  NO_MAXIMUM_BELOW_86(greatest -> Math.abs(greatest) < 86 ? 0 : greatest),
  NO_MAXIMUM_BELOW_700(greatest -> Math.abs(greatest) < 700 ? 0 : greatest),
  NO_MAXIMUM_ABOVE_MINUS_86(greatest -> greatest > -86 && greatest < 0 ? 0 : greatest),
  NO_MAXIMUM_ABOVE_MINUS_708(greatest -> greatest > -708 && greatest < 0 ? 0 : greatest),
  DROPPED_25_NATS_BELOW(greatest -> greatest),
  DROPPED_30_NATS_BELOW(greatest -> greatest),
  AVERAGED_WITHIN_1E_9(greatest -> greatest),
  AVERAGED_WITHIN_1E_11(greatest -> greatest);

  private static final double NONE = Double.NEGATIVE_INFINITY;
  private static final double LOG2_E = 1 / Math.log(2);

  private final DoubleUnaryOperator reference;

  Shortcut(DoubleUnaryOperator reference) {
    this.reference = reference;
  }

  /** The merge of natural log-sum-exps, tokens first. */
  Partial merged(PartialStack stack, Precision precision) {
    int rows = stack.tokens() * stack.heads();
    double[] outputs = new double[rows * stack.dim()];
    double[] lses = new double[rows];
    for (int row = 0; row < rows; row++) {
      int first = row;
      double[] given =
          IntStream.range(0, stack.shards())
              .mapToDouble(s -> stack.lses()[s * rows + first])
              .toArray();
      lses[row] = row(stack, given, row, outputs, precision);
    }
    return new Partial(outputs, lses);
  }

  private double row(
      PartialStack stack, double[] given, int row, double[] outputs, Precision precision) {
    DType format = precision.lse();
    double[] scaled =
        Arrays.stream(given)
            .map(x -> this == IN_BASE_2 ? format.round(x * constant(format)) : x)
            .toArray();
    double greatest = Arrays.stream(scaled).max().orElseThrow();
    if (greatest == NONE) {
      return NONE;
    }
    double least = Arrays.stream(scaled).filter(x -> x != NONE).min().orElseThrow();
    double reference = this.reference.applyAsDouble(greatest);
    double sum = 0;
    double[] sums = new double[stack.dim()];
    int rows = stack.tokens() * stack.heads();
    for (int shard = 0; shard < given.length; shard++) {
      if (given[shard] != NONE) {
        double weight = weight(format, scaled[shard], reference, greatest - least);
        sum = format.round(sum + weight);
        for (int i = 0; i < sums.length; i++) {
          double output = stack.outputs()[(shard * rows + row) * sums.length + i];
          sums[i] = format.round(sums[i] + format.round(weight * output));
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      outputs[row * sums.length + i] = precision.output().round(format.round(sums[i] / sum));
    }
    double logarithm = this == IN_BASE_2 ? Math.log(sum) * LOG2_E : Math.log(sum);
    double merged = format.round(reference + format.round(logarithm));
    return this == IN_BASE_2 ? format.round(merged * format.round(Math.log(2))) : merged;
  }

  private double weight(DType format, double lse, double reference, double widest) {
    double gap = format.round(lse - reference);
    boolean dropped =
        (this == DROPPED_25_NATS_BELOW && gap < -25)
            || (this == DROPPED_30_NATS_BELOW && gap < -30);
    boolean averaged =
        (this == AVERAGED_WITHIN_1E_9 && widest < 1e-9)
            || (this == AVERAGED_WITHIN_1E_11 && widest < 1e-11);
    double weight = this == IN_BASE_2 ? Math.pow(2, gap) : Math.exp(gap);
    return dropped ? 0 : averaged ? 1 : format.round(weight);
  }

  private static double constant(DType format) {
    return format.round(LOG2_E);
  }
}
