package dev.helix.laws.algebra;

import dev.helix.attention.convention.LogBase;
import java.util.Arrays;
import java.util.List;

/**
 * The attention of one query over a set of tokens, in the form that can be merged with other sets'
 * (Helix Parallelism §2.1): (m, l, o) with l = Σ exp(sⱼ − m) and o = Σ exp(sⱼ − m)·vⱼ at a
 * reference exponent m. Immutable.
 *
 * <p>The finished pair is (O, LSE) = (o/l, m + ln l). {@link #merge(PartialState)} makes these
 * states a commutative monoid, whose identity is the state of no tokens, (O, LSE) = (0, −∞):
 * exactly so in real numbers, within rounding here. Where rounding must not depend on how the
 * tokens are split, use {@link dev.helix.attention.exact}.
 *
 * <p><b>What is not finite.</b>
 *
 * <ul>
 *   <li>LSE −∞, a reference −∞ (all scores masked) or a sum 0 says that there are no tokens. The
 *       output that comes with it is never read, so that NaN in it has no effect. It is left out,
 *       and not multiplied by 0.
 *   <li>LSE +∞ is refused: no finite scores give it, and some kernels write it for "no tokens".
 *   <li>NaN in the output of a state that has tokens makes every merge of that state NaN, however
 *       small its weight is, and also where exp underflows. NaN in the weight makes output and LSE
 *       NaN. {@link #isFinite()} reports both.
 * </ul>
 *
 * <pre>{@code
 * PartialState a = PartialState.ofFinished(new double[] {1}, 0.0, LogBase.E);
 * PartialState b = PartialState.ofFinished(new double[] {4}, Math.log(2), LogBase.E);
 * a.merge(b).output();        // {3.0}: weights 1/3 and 2/3
 * a.merge(b).lse(LogBase.E);  // ln 3
 * }</pre>
 */
public final class PartialState {
  /** exp of at most this is neither infinite nor subnormal, with its sign either way. */
  private static final double SAFE_EXPONENT = 700;

  private final double reference;
  private final double sum;
  private final double[] weighted;

  /** Keeps {@code weighted} itself. */
  private PartialState(double reference, double sum, double[] weighted) {
    this.reference = reference;
    this.sum = sum;
    this.weighted = weighted;
    if (Double.isNaN(reference) || Double.isNaN(sum)) {
      Arrays.fill(weighted, Double.NaN);
    }
  }

  /**
   * The state of no tokens.
   *
   * @param dim components of an output
   */
  public static PartialState empty(int dim) {
    return new PartialState(Double.NEGATIVE_INFINITY, 0, new double[dim]);
  }

  /**
   * The state (m, l, o).
   *
   * @param weight m and l
   * @param weighted o, {@code [dim]}, not divided by l; ignored if there are no tokens
   */
  public static PartialState of(MaxSum weight, double[] weighted) {
    if (weight.isEmpty()) {
      return empty(weighted.length);
    }
    return new PartialState(weight.reference(), weight.sum(), weighted.clone());
  }

  /**
   * The state of a finished partial attention.
   *
   * @param output O, {@code [dim]}, divided by its sum; ignored if {@code lse} is −∞
   * @param lse log-sum-exp of the scores
   * @param base of {@code lse}
   * @throws IllegalArgumentException if {@code lse} is +∞
   */
  public static PartialState ofFinished(double[] output, double lse, LogBase base) {
    if (lse == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "LSE of a partial attention: expected a finite number, or −∞ without tokens, got +∞");
    }
    if (lse == Double.NEGATIVE_INFINITY) {
      return empty(output.length);
    }
    return new PartialState(base.toNatural(lse), 1, output.clone());
  }

  /**
   * The state of a finished partial attention whose weight is a (max, sum) pair.
   *
   * @param output O, {@code [dim]}, divided by l; ignored if there are no tokens
   */
  public static PartialState ofFinished(double[] output, MaxSum weight) {
    if (weight.isEmpty()) {
      return empty(output.length);
    }
    double[] weighted = new double[output.length];
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] = output[i] * weight.sum();
    }
    return new PartialState(weight.reference(), weight.sum(), weighted);
  }

  /**
   * The state of one token.
   *
   * @param score s; −∞ if the token is masked
   * @param value v, {@code [dim]}
   */
  public static PartialState ofToken(double score, double[] value) {
    return ofFinished(value, score, LogBase.E);
  }

  /** Number of components of an output. */
  public int dim() {
    return weighted.length;
  }

  /** Whether the state has no tokens. */
  public boolean isEmpty() {
    return sum == 0;
  }

  /** Whether weight and output are finite. A state that is not finite was made from NaN or ∞. */
  public boolean isFinite() {
    boolean weightIs = isEmpty() || (Double.isFinite(reference) && Double.isFinite(sum));
    return weightIs && Arrays.stream(weighted).allMatch(Double::isFinite);
  }

  /** The reference m and the sum l. */
  public MaxSum weight() {
    return isEmpty() ? MaxSum.EMPTY : new MaxSum(reference, sum);
  }

  /** The weighted output o, {@code [dim]}, which is not divided by l. */
  public double[] weighted() {
    return weighted.clone();
  }

  /** The output O = o/l, {@code [dim]}; 0 if there are no tokens. */
  public double[] output() {
    double[] output = new double[weighted.length];
    if (!isEmpty()) {
      for (int i = 0; i < output.length; i++) {
        output[i] = weighted[i] / sum;
      }
    }
    return output;
  }

  /** The log-sum-exp m + ln l, in the given base; −∞ if there are no tokens. */
  public double lse(LogBase base) {
    return weight().lse(base);
  }

  /**
   * The same state at another reference: (m′, l·exp(m − m′), o·exp(m − m′)).
   *
   * @param other m′, finite
   * @throws ArithmeticException if the sum leaves the range of doubles: m′ is then not valid
   */
  public PartialState at(double other) {
    MaxSum moved = weight().at(other);
    return isEmpty() ? this : new PartialState(other, moved.sum(), scaled(weighted, other));
  }

  /**
   * The state of this state's tokens together with another's, x ⊕ y.
   *
   * @throws IllegalArgumentException if the outputs have different sizes
   */
  public PartialState merge(PartialState other) {
    return merge(dim(), List.of(this, other));
  }

  /**
   * Merges any number of states at once into (m, Σ lᵢ·exp(mᵢ − m), Σ oᵢ·exp(mᵢ − m)), summed in the
   * order given. The reference m is that of the heaviest state, and of the first one if several
   * weigh the same. A single state is returned unchanged, bit for bit.
   *
   * @param dim components of an output, also if there is no state
   * @throws IllegalArgumentException if a state has another number of components
   */
  public static PartialState merge(int dim, List<PartialState> states) {
    PartialState heaviest = empty(dim);
    int living = 0;
    for (PartialState state : states) {
      if (state.dim() != dim) {
        throw new IllegalArgumentException(
            "merge: expected states of %d components, got %d".formatted(dim, state.dim()));
      }
      if (!state.isEmpty()) {
        living++;
        // Not less, so that a NaN is taken: as m or in an exponent, it makes every weight NaN.
        boolean heavier = !(state.lse(LogBase.E) <= heaviest.lse(LogBase.E));
        heaviest = heavier ? state : heaviest;
      }
    }
    if (living <= 1) {
      return heaviest;
    }
    double sum = 0;
    double[] weighted = new double[dim];
    for (PartialState state : states) {
      if (!state.isEmpty()) {
        sum += scaled(state.sum, state.reference - heaviest.reference);
        double[] terms = state.scaled(state.weighted, heaviest.reference);
        for (int i = 0; i < dim; i++) {
          weighted[i] += terms[i];
        }
      }
    }
    return new PartialState(heaviest.reference, sum, weighted);
  }

  private double[] scaled(double[] numbers, double other) {
    double[] scaled = new double[numbers.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = scaled(numbers[i], reference - other);
    }
    return scaled;
  }

  /**
   * x·exp(d). In two halves if exp(d) alone would leave the range, for the product may be inside.
   */
  static double scaled(double x, double d) {
    if (Math.abs(d) <= SAFE_EXPONENT) {
      return x * StrictMath.exp(d);
    }
    double half = StrictMath.exp(d / 2);
    return x * half * half;
  }

  static void requireReference(double reference) {
    if (!Double.isFinite(reference)) {
      throw new IllegalArgumentException(
          "reference of a partial state: expected a finite number, got " + reference);
    }
  }

  static double requireRepresented(double sum, double reference) {
    if (sum == 0 || sum == Double.POSITIVE_INFINITY) {
      throw new ArithmeticException(
          "reference %s is too far from the scores: their sum of weights would be %s"
              .formatted(reference, sum));
    }
    return sum;
  }

  @Override
  public String toString() {
    return "(m " + reference + ", l " + sum + ", o " + Arrays.toString(weighted) + ")";
  }
}
