package dev.helix.attention.merge;

import static java.lang.Double.NEGATIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.DecimalArithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.math.BigDecimal;
import net.jqwik.api.Example;

/**
 * The scalar merge on 50 digits. The parts stand as the second head of the second of two rows, so
 * that a wrong index reads elements that are unset, which is an error.
 */
final class ScalarMergeFormulaTest implements MergeContract {
  private static final int HEADS = 3;
  private static final int ROW_HEADS = 2 * HEADS;
  private static final int OWN = HEADS + 1;

  private final ScalarRank<BigDecimal> numbers =
      new ScalarRank<>(RankScope.alone(0), new DecimalArithmetic());

  @Override
  public double[] merge(double[] lses, double[][] outputs) {
    int dim = outputs[0].length;
    ScalarTensor<BigDecimal> merged = numbers.allocate(spec(2, HEADS, dim));
    new ScalarMerge<>(numbers.arithmetic(), stack(lses, outputs), merged).merge(OWN);
    double[] own = new double[dim];
    for (int i = 0; i < dim; i++) {
      own[i] = merged.get(OWN * dim + i).doubleValue();
    }
    int behind = (OWN + 1) * dim;
    assertThrows(IllegalStateException.class, () -> merged.get(behind));
    return own;
  }

  @Example
  void fiftyDigitsAreKept() {
    ScalarTensor<BigDecimal> merged = numbers.allocate(spec(2, HEADS, 1));
    // Weights of ½ each, up to the last of 50 digits.
    double[][] outputs = {{0x1p-60}, {1}};
    new ScalarMerge<>(numbers.arithmetic(), stack(new double[2], outputs), merged).merge(OWN);
    BigDecimal mean = BigDecimal.valueOf(0.5).pow(61).add(BigDecimal.valueOf(0.5));
    BigDecimal error = merged.get(OWN).subtract(mean).abs();
    assertTrue(error.compareTo(new BigDecimal("1e-48")) < 0, error::toString);
  }

  private PartialAttention<ScalarTensor<BigDecimal>> stack(double[] lses, double[][] outputs) {
    int dim = outputs[0].length;
    Dim shards = new Dim(Axis.SHARDS, lses.length);
    Dim rows = new Dim(Axis.BATCH, 2);
    Dim heads = new Dim(Axis.HEADS, HEADS);
    ScalarTensor<BigDecimal> lse = numbers.allocate(Spec.of(DType.F64, shards, rows, heads));
    ScalarTensor<BigDecimal> output =
        numbers.allocate(Spec.of(DType.F64, shards, rows, heads, new Dim(Axis.HEAD_DIM, dim)));
    for (int part = 0; part < lses.length; part++) {
      int at = part * ROW_HEADS + OWN;
      if (lses[part] == NEGATIVE_INFINITY) {
        lse.setNegativeInfinity(at);
        continue; // The output stays unset: to read it would be an error.
      }
      lse.set(at, new BigDecimal(lses[part]));
      for (int i = 0; i < dim; i++) {
        output.set(at * dim + i, new BigDecimal(outputs[part][i]));
      }
    }
    return new PartialAttention<>(output, lse);
  }

  private static Spec spec(int rows, int heads, int dim) {
    return Spec.of(
        DType.F64,
        new Dim(Axis.BATCH, rows),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, dim));
  }
}
