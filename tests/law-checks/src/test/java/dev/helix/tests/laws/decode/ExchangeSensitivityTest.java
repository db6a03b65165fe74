package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.ExactDecodeUnderTest;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Exchanges that are not bit-exact, or of another size, break the laws of the decode. */
class ExchangeSensitivityTest {
  /** The numbers of models survive each of them well enough. */
  @Test
  void anExchangeThatIsNotBitExactIsFoundOut() {
    String rounded =
        DecodeLawSensitivityTest.violation(
            Law.DECODE_ALL_TO_ALL, exchanging(value -> (float) value));
    assertTrue(rounded.contains("has not the bits of the sender's block"), rounded);
    for (DoubleUnaryOperator inexact :
        List.<DoubleUnaryOperator>of(
            value -> value + 0.0, // −0 becomes 0
            value -> Double.isNaN(value) ? Double.NaN : value,
            value -> Double.isNaN(value) ? 0 : value,
            value -> Math.abs(value) < Double.MIN_NORMAL ? Math.copySign(0, value) : value,
            value -> Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : value)) {
      assertTrue(
          DecodeLawSensitivityTest.violation(Law.DECODE_ALL_TO_ALL, exchanging(inexact))
              .contains("has not the bits of"));
    }
  }

  @Test
  void anExactExchangeThatLosesASignOrADigitIsFoundOut() {
    for (DoubleUnaryOperator inexact :
        List.<DoubleUnaryOperator>of(value -> value + 0.0, value -> (float) value)) {
      ExactDecodeUnderTest faulty =
          FaultyDecodes.exactCollectives(
              (place, correct) ->
                  new ForwardingCollectives<>(correct) {
                    @Override
                    public List<ExactTensor> allToAll(
                        Purpose purpose, Group group, Axis split, List<ExactTensor> tensors) {
                      return correct.allToAll(purpose, group, split, tensors).stream()
                          .map(tensor -> changed(place.rank(), tensor, inexact))
                          .toList();
                    }
                  });
      String violation = DecodeLawSensitivityTest.violation(Law.DECODE_ALL_TO_ALL, faulty);
      assertTrue(violation.contains("has not the bits of"), violation);
    }
  }

  static ExactTensor changed(int rank, ExactTensor tensor, DoubleUnaryOperator change) {
    if (tensor.isUnfinished()) {
      return tensor;
    }
    // What is too great for a float stays: the exact reading has no infinities.
    double[] changed =
        Arrays.stream(tensor.values("test"))
            .map(value -> Math.abs(value) > Float.MAX_VALUE ? value : change.applyAsDouble(value))
            .toArray();
    return new ExactRank(RankScope.alone(rank)).tensor(tensor.spec(), changed);
  }

  private static DecodeUnderTest exchanging(DoubleUnaryOperator change) {
    return FaultyDecodes.collectives(
        (place, correct) ->
            new ForwardingCollectives<>(correct) {
              @Override
              public List<Fp64Tensor> allToAll(
                  Purpose purpose, Group group, Axis split, List<Fp64Tensor> tensors) {
                List<Fp64Tensor> exchanged = correct.allToAll(purpose, group, split, tensors);
                for (Fp64Tensor tensor : exchanged) {
                  for (long i = 0; i < tensor.region().length(); i++) {
                    tensor.region().set(i, change.applyAsDouble(tensor.region().get(i)));
                  }
                }
                return exchanged;
              }
            });
  }

  /** Not an error of the suite, and not overlooked either. */
  @Test
  void anOutputOfTooFewRowsOrTooManyIsAViolation() {
    for (int more : new int[] {-1, 1}) {
      DecodeUnderTest faulty =
          FaultyDecodes.collectives(
              (place, correct) ->
                  new ForwardingCollectives<>(correct) {
                    @Override
                    public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
                      Fp64Tensor sum = correct.allReduce(purpose, group, partial);
                      return withRows(place.rank(), sum, more);
                    }
                  });
      for (Law law : List.of(Law.DECODE_UNSHARDED, Law.DECODE_RELABELLED, Law.DECODE_PROJECTIONS)) {
        String violation = DecodeLawSensitivityTest.violation(law, faulty);
        assertTrue(violation.contains("of them, got"), violation);
      }
    }
  }

  private static Fp64Tensor withRows(int rank, Fp64Tensor tensor, int more) {
    Spec spec = tensor.spec();
    if (!spec.has(Axis.BATCH)) {
      return tensor;
    }
    int rows = spec.size(Axis.BATCH) + more;
    int width = spec.inner(Axis.BATCH);
    double[] values = Arrays.copyOf(tensor.toArray(), rows * width);
    return new Fp64Kernels(new Fp64Rank(RankScope.alone(rank)), new Fp64Constants())
        .constant(spec.resized(Axis.BATCH, rows), new WeightSlice("rows", () -> values));
  }
}
