package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.reference.ExactDot;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.laws.reference.MergeReference.Tokens;
import dev.helix.laws.rotary.RotaryAngles;
import dev.helix.laws.rotary.RotaryBound;
import dev.helix.laws.rotary.RotaryReference;
import dev.helix.laws.rotary.RotaryRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Partial attention of one shard's rows in 50 digits, each as the merge of its tokens. Rows of
 * equal queries that see the same are computed once.
 *
 * <p><b>The bound</b> is that of {@link MergeReference}, with more for the exponent of a token, of
 * score s and ALiBi term b, keys of d components, n tokens in sight, F the ulps of exponentials, in
 * units of u:
 *
 * <ul>
 *   <li>(d + 6)·scale·Σ|q||k|: d products and their sum in any order; two scales, multiplied with
 *       each other or onto queries, keys and products; log₂e, itself rounded, for another base; the
 *       quotient by a cap, whose error tanh does not increase;
 *   <li>with a cap 8|s|: a tanh within 3 ulps, the product with the cap, one to spare;
 *   <li>with ALiBi 4|b| + 2|s|: the slope in another base, its product with the distance, the
 *       difference;
 *   <li>with a rotary rule, of each pair 2·scale·(|q₁| + |q₂|)(|k₁| + |k₂|) times the {@link
 *       RotaryBound} of both, and YaRN's factor of scores; |q₁| + |q₂| also takes the place of each
 *       |q| in the first line;
 *   <li>n·(2F + 2): what is summed so far is rescaled with each new maximum, at most n times, each
 *       an exponential, a product and a sum. It is far more than what products below the format's
 *       smallest number lose.
 * </ul>
 */
final class AttentionReference {
  private final Convention convention;
  private final AttentionInput input;
  private final AttentionCase given;
  private final double unit;
  private final double[] keys;
  private final double[] values;
  private final Optional<RotaryBound> rotaryBound;
  private final Optional<SlotCounts> counts;
  private final Map<List<Object>, Row> rows = new ConcurrentHashMap<>();

  /** How many tokens, all alike, a query token sees in a slot of an input that shows it. */
  interface SlotCounts {
    long of(int token, int slot);
  }

  AttentionReference(Convention convention, RotaryAngles angles, AttentionInput input) {
    this(convention, angles, input, Optional.empty());
  }

  /** The reference for an input each slot of which stands for many tokens, or for none. */
  AttentionReference(
      Convention convention,
      RotaryAngles angles,
      AttentionInput input,
      Optional<SlotCounts> counts) {
    this.counts = counts;
    this.convention = convention;
    this.input = input;
    this.given = input.given;
    this.unit = Precision.unit(convention.precision().lse());
    this.keys = input.keys();
    this.values = input.values();
    this.rotaryBound =
        given
            .rotary()
            .map(rule -> new RotaryBound(rule, given.turns().orElseThrow(), convention, angles));
  }

  /** The true values of one head of a query token. */
  Row row(int token, int head) {
    double[] query = vector(given.queries(), token * given.heads() + head);
    List<Object> alike = new ArrayList<>();
    alike.add(counts.isPresent() ? token : -1);
    alike.add(given.queryPositions()[token]);
    alike.add(kvHead(head));
    alike.add(given.sinks().length == 0 ? 0.0 : given.sinks()[head]);
    alike.add(given.alibiSlopes().length == 0 ? 0.0 : given.alibiSlopes()[head]);
    alike.add(Arrays.stream(query).boxed().toList());
    return rows.computeIfAbsent(alike, key -> computed(query, token, head, true));
  }

  /**
   * Whether the bounds of a row tell the turns of its rotary rule from none at all. Where they do
   * not, an answer may hold whatever the angles are.
   */
  boolean tellsTurns(int token, int head) {
    Row turned = row(token, head);
    double[] query = vector(given.queries(), token * given.heads() + head);
    Row still = computed(query, token, head, false);
    boolean tells =
        !turned.isEmpty()
            && Math.abs(still.lse - turned.lse) > turned.lseBound + Math.ulp(turned.lse);
    for (int i = 0; i < turned.outputs.length; i++) {
      double apart = Math.abs(still.outputs[i] - turned.outputs[i]);
      tells |= apart > turned.outputBounds[i] + Math.ulp(turned.outputs[i]);
    }
    return tells;
  }

  private Row computed(double[] query, int token, int head, boolean turning) {
    List<Tokens> seen = new ArrayList<>();
    int[] places = input.places();
    int position = given.queryPositions()[token];
    for (int slot = 0; slot < places.length; slot++) {
      long count = counts.isPresent() ? counts.get().of(token, slot) : 1;
      if (count == 0 || !visible(given, places[slot], position)) {
        continue;
      }
      int row = slot * given.kvHeads() + kvHead(head);
      double[] key = vector(keys, row);
      int distance = position - places[slot];
      double magnitude = given.scale() * given.keyScale() * magnitude(query, key);
      BigDecimal score = capped(product(query, key, turning ? distance : 0));
      double bias = 0;
      if (given.alibiSlopes().length > 0) {
        BigDecimal slope = new BigDecimal(given.alibiSlopes()[head]);
        score = score.subtract(slope.multiply(BigDecimal.valueOf(distance)));
        bias = given.alibiSlopes()[head] * distance;
      }
      boolean plain = given.softCap() == 0 && given.alibiSlopes().length == 0;
      double size = plain ? 0 : Math.abs(FiftyDigits.doubleValue(score));
      double ofScoreFactor = rotaryBound.map(RotaryBound::scoreFactor).orElse(0.0);
      double error =
          (given.keyDim() + 6 + ofScoreFactor) * magnitude
              + turnError(query, key, token, places[slot]) / unit
              + (given.softCap() == 0 ? 0 : 8 * size)
              + (given.alibiSlopes().length == 0 ? 0 : 4 * Math.abs(bias) + 2 * size);
      double[] value = new double[given.valueDim()];
      Arrays.setAll(value, i -> given.valueScale() * values[row * given.valueDim() + i]);
      seen.add(new Tokens(count, score, value, error));
    }
    if (input.countsSink() && given.sinks().length > 0) {
      double sink = given.sinks()[head];
      double[] nothing = new double[given.valueDim()];
      seen.add(new Tokens(1, new BigDecimal(sink), nothing, 2 * Math.abs(sink)));
    }
    double rescaled =
        (2 * convention.functionUlps() + 2) * seen.stream().mapToLong(Tokens::count).sum();
    List<Tokens> tokens =
        seen.stream()
            .map(t -> new Tokens(t.count(), t.score(), t.value(), unit * (t.error() + rescaled)))
            .toList();
    return new Row(MergeReference.ofTokens(convention, tokens), given.valueDim());
  }

  private int kvHead(int head) {
    return head / (given.heads() / given.kvHeads());
  }

  private double[] vector(double[] all, int row) {
    return Arrays.copyOfRange(all, row * given.keyDim(), (row + 1) * given.keyDim());
  }

  /**
   * Whether a query sees the token at a position; a slot without a token has position −1 and is not
   * seen.
   */
  static boolean visible(AttentionCase given, int position, int query) {
    return position >= 0
        && position <= query
        && (given.window() == 0 || position > query - given.window());
  }

  /** The scaled product of a query and a key, both turned. */
  private BigDecimal product(double[] query, double[] key, int distance) {
    int turning = given.rotary().map(RotaryRule::dims).orElse(0);
    BigDecimal dot = ExactDot.of(query, key, turning);
    if (given.turns().isPresent()) {
      RotaryReference turns = given.turns().get();
      dot = dot.add(turns.product(query, key, distance)).multiply(turns.scoreFactor());
    }
    return dot.multiply(new BigDecimal(given.scale() * given.keyScale()), FiftyDigits.DIGITS);
  }

  /**
   * The greatest Σ|q||k| of a row's query with any key of any head, whether the token is seen or
   * not.
   */
  double largestMagnitude(int row) {
    double[] query = vector(given.queries(), row);
    double largest = 0;
    for (int key = 0; key < keys.length / given.keyDim(); key++) {
      double sum = magnitude(query, vector(keys, key));
      largest = Math.max(largest, Double.isFinite(sum) ? sum : 0);
    }
    return largest;
  }

  /** The largest error that the roundings of a rotary rule may cause in a score of the row. */
  double largestTurnError(int row) {
    if (given.rotary().isEmpty()) {
      return 0;
    }
    double[] query = vector(given.queries(), row);
    double ofFactor = unit * rotaryBound.orElseThrow().scoreFactor();
    double scale = Math.abs(given.scale() * given.keyScale());
    double largest = 0;
    for (int key = 0; key < keys.length / given.keyDim(); key++) {
      int place = Math.max(0, input.places()[key / given.kvHeads()]);
      double[] other = vector(keys, key);
      double error =
          turnError(query, other, row / given.heads(), place)
              + ofFactor * scale * magnitude(query, other);
      largest = Math.max(largest, Double.isFinite(error) ? error : 0);
    }
    return largest;
  }

  /** Σ|q||k|, of a turned pair (|q₁| + |q₂|)·(|k₁| + |k₂|) for each component. */
  private double magnitude(double[] query, double[] key) {
    int turning = given.rotary().map(RotaryRule::dims).orElse(0);
    double sum = 0;
    for (int i = turning; i < given.keyDim(); i++) {
      sum += Math.abs(query[i] * key[i]);
    }
    if (given.rotary().isEmpty()) {
      return sum;
    }
    RotaryRule rule = given.rotary().get();
    RotaryReference turns = given.turns().orElseThrow();
    for (int i = 0; i < rule.pairs(); i++) {
      sum += 2 * turns.squaredMagnitude() * pair(rule, query, i) * pair(rule, key, i);
    }
    return sum * turns.scoreFactor().doubleValue();
  }

  private static double pair(RotaryRule rule, double[] vector, int i) {
    return Math.abs(vector[rule.first(i)]) + Math.abs(vector[rule.second(i)]);
  }

  /** The largest error of a score that the errors of the turned components may cause. */
  private double turnError(double[] query, double[] key, int token, int place) {
    if (given.rotary().isEmpty()) {
      return 0;
    }
    RotaryRule rule = given.rotary().get();
    RotaryReference turns = given.turns().orElseThrow();
    RotaryBound bound = rotaryBound.orElseThrow();
    int queryPosition = given.queryPositions()[token] + given.offset();
    double error = 0;
    for (int i = 0; i < rule.pairs(); i++) {
      double ofQuery = bound.component(i, queryPosition);
      double ofKey = bound.component(i, place + given.offset());
      double size = 2 * turns.squaredMagnitude() * pair(rule, query, i) * pair(rule, key, i);
      // Two turned vectors that have nothing to do with each other are not farther apart.
      error += size * Math.min(3, ofQuery + ofKey + ofQuery * ofKey);
    }
    double scale = Math.abs(given.scale() * given.keyScale()) * turns.scoreFactor().doubleValue();
    return scale * error;
  }

  private BigDecimal capped(BigDecimal score) {
    if (given.softCap() == 0) {
      return score;
    }
    BigDecimal c = new BigDecimal(given.softCap());
    return c.multiply(FiftyDigits.tanh(score.divide(c, FiftyDigits.DIGITS)));
  }

  /** The true values of a row, and the bounds of an answer's errors. */
  static final class Row {
    private final MergeReference merged;
    private final double[] outputs;
    private final double[] outputBounds;
    private final double lse;
    private final double lseBound;

    Row(MergeReference merged, int dim) {
      this.merged = merged;
      int known = merged.isEmpty() ? 0 : dim;
      this.outputs = new double[known];
      this.outputBounds = new double[known];
      for (int i = 0; i < known; i++) {
        outputs[i] = merged.nearestOutput(i);
        outputBounds[i] = merged.outputBound(i, 1);
      }
      this.lse = merged.lseInBase();
      this.lseBound = merged.isEmpty() ? 0 : merged.lseBound(1);
    }

    /** Whether the query sees no token. The other methods have no meaning then. */
    boolean isEmpty() {
      return merged.isEmpty();
    }

    /** The true component i of the output, as the nearest double. */
    double output(int i) {
      return outputs[i];
    }

    double outputBound(int i) {
      return outputBounds[i];
    }

    /** The true log-sum-exp in the implementation's base, as the nearest double. */
    double lseInBase() {
      return lse;
    }

    /** The bound of the log-sum-exp's error, in the implementation's base. */
    double lseBound() {
      return lseBound;
    }

    /** The true log-sum-exp, in nats. */
    BigDecimal lse() {
      return merged.lse();
    }

    /** The merge of the row's tokens. */
    MergeReference merged() {
      return merged;
    }
  }
}
