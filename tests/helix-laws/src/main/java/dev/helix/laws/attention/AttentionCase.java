package dev.helix.laws.attention;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.rotary.RotaryReference;
import dev.helix.laws.rotary.RotaryRule;
import dev.helix.laws.tokens.TokenOwners;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One request of partial attention, with the shard of each token. Token j stands at position offset
 * + j, and query positions are given without the offset. Immutable.
 */
public final class AttentionCase {
  private static final int MOST_SHOWN = 48;
  private static final int LONGEST_KEPT = 4096;
  private static final int WHOLE = -2;

  /** One shard that has everything. */
  private static final Optional<KvPlacement> ALL = Optional.of(new RoundRobinPlacement(1, 1));

  private final int tokens;
  private final int heads;
  private final int kvHeads;
  private final int keyDim;
  private final int valueDim;
  private final TokenOwners owners;
  private final int[] queryPositions;
  private final int offset;
  private final Optional<RotaryRule> rotary;
  private final Optional<RotaryReference> turns;
  private final double[] queries;
  private final double[] keys;
  private final double[] values;
  private final boolean valuesInKeys;
  private final double[] sinks;
  private final double[] alibiSlopes;
  private final double scale;
  private final double softCap;
  private final int window;
  private final double keyScale;
  private final double valueScale;
  private final int padding;
  private final double poison;
  private final Set<AttentionFeature> features;
  private final Set<AttentionHardCase> hard;
  private final long seed;

  /** By shard. */
  private final Map<Integer, AttentionInput> inputs = new ConcurrentHashMap<>();

  /** Keeps the arrays. */
  AttentionCase(AttentionDraft draft) {
    this.tokens = draft.tokens;
    this.heads = draft.heads;
    this.kvHeads = draft.kvHeads;
    this.keyDim = draft.keyDim;
    this.valueDim = draft.valueDim;
    this.owners = draft.owners;
    this.queryPositions = draft.queryPositions;
    this.offset = draft.offset;
    this.rotary = draft.rotary;
    this.queries = draft.queries;
    this.keys = draft.keys;
    this.values = draft.values;
    this.valuesInKeys = draft.valuesInKeys;
    this.sinks = draft.sinks;
    this.alibiSlopes = draft.slopes;
    this.scale = draft.scale;
    this.softCap = draft.softCap;
    this.window = draft.window;
    this.keyScale = draft.keyScale;
    this.valueScale = draft.valueScale;
    this.padding = draft.padding;
    this.poison = draft.poison;
    this.features = draft.features;
    this.hard = draft.hard.isEmpty() ? Set.of() : EnumSet.copyOf(draft.hard);
    this.seed = draft.seed;
    requireSizes();
    this.turns = rotary.map(RotaryReference::of);
  }

  private void requireSizes() {
    boolean fits =
        tokens >= 1
            && kvHeads >= 1
            && heads % kvHeads == 0
            && valueDim >= 1
            && queryPositions.length == tokens
            && queries.length == tokens * heads * keyDim
            && keys.length == context() * kvHeads * keyDim
            && values.length == context() * kvHeads * valueDim
            && (sinks.length == 0 || sinks.length == heads)
            && (alibiSlopes.length == 0 || alibiSlopes.length == heads);
    if (!fits || (alibiSlopes.length > 0 && owners.placement().isEmpty())) {
      throw new IllegalArgumentException("parts that do not fit each other: " + this);
    }
  }

  int tokens() {
    return tokens;
  }

  int heads() {
    return heads;
  }

  /** Number of query tokens times heads. */
  int rows() {
    return tokens * heads;
  }

  int kvHeads() {
    return kvHeads;
  }

  int keyDim() {
    return keyDim;
  }

  int valueDim() {
    return valueDim;
  }

  /** Number of tokens of the request, to which queries attend. */
  int context() {
    return owners.tokens();
  }

  int shards() {
    return owners.shards();
  }

  TokenOwners owners() {
    return owners;
  }

  /** Positions of the query tokens without the offset, {@code [tokens]}. */
  int[] queryPositions() {
    return queryPositions;
  }

  /** The position of token 0. */
  int offset() {
    return offset;
  }

  /** The rotary rule by which queries and keys turn; empty if they do not turn. */
  Optional<RotaryRule> rotary() {
    return rotary;
  }

  /** The reference for the turns of the rotary rule; empty if there is no rule. */
  Optional<RotaryReference> turns() {
    return turns;
  }

  double[] queries() {
    return queries;
  }

  double[] keys() {
    return keys;
  }

  double[] values() {
    return values;
  }

  /** Whether a value is the first components of its key. */
  boolean valuesInKeys() {
    return valuesInKeys;
  }

  double[] sinks() {
    return sinks;
  }

  double[] alibiSlopes() {
    return alibiSlopes;
  }

  double scale() {
    return scale;
  }

  double softCap() {
    return softCap;
  }

  int window() {
    return window;
  }

  double keyScale() {
    return keyScale;
  }

  double valueScale() {
    return valueScale;
  }

  /** Number of slots behind a shard's last token. */
  int padding() {
    return padding;
  }

  /** The number that fills slots without tokens. */
  double poison() {
    return poison;
  }

  /** The features that the implementation has; the case asks for no others. */
  Set<AttentionFeature> features() {
    return features;
  }

  /** The documented hard cases that this case is one of. */
  public Set<AttentionHardCase> hard() {
    return hard;
  }

  /** The seed of the choices that a law makes on this case. */
  long seed() {
    return seed;
  }

  /** Whether an axis of the case is as long as the tiles of kernels. */
  boolean isLong() {
    return !Collections.disjoint(hard, AttentionHardCase.LONG);
  }

  /** How much there is to read in the case; a simpler case has less. */
  int size() {
    return queries.length
        + keys.length
        + (valuesInKeys ? 0 : values.length)
        + valueDim
        + padding
        + owners.complexity()
        + IntStream.of(sinks.length, alibiSlopes.length, window).map(Integer::signum).sum()
        + (softCap == 0 ? 0 : 1)
        + (rotary.isPresent() ? 1 : 0)
        + Integer.signum(offset)
        + (keyScale == 1 && valueScale == 1 ? 0 : 1);
  }

  /** Number of numbers that are neither 0 nor 1. */
  int complexity() {
    return (int) numbers().filter(x -> x != 0 && x != 1).count();
  }

  private DoubleStream numbers() {
    return DoubleStream.concat(
        DoubleStream.concat(Arrays.stream(queries), Arrays.stream(keys)),
        DoubleStream.concat(
            valuesInKeys ? DoubleStream.empty() : Arrays.stream(values),
            DoubleStream.concat(
                DoubleStream.concat(Arrays.stream(sinks), Arrays.stream(alibiSlopes)),
                DoubleStream.of(scale))));
  }

  /** Simpler cases of the same kind: fewer of everything, then rounder numbers. */
  List<AttentionCase> simpler() {
    return new SimplerAttention(this).cases();
  }

  /** The input with all tokens in one shard without padding. */
  AttentionInput whole() {
    return kept(
        WHOLE,
        all ->
            new AttentionInput(
                this, IntStream.range(0, context()).toArray(), keys, values, true, ALL, 0));
  }

  /** An input is kept for other laws, with what is known of it, unless it is very long. */
  private AttentionInput kept(int which, IntFunction<AttentionInput> input) {
    return context() > LONGEST_KEPT
        ? input.apply(which)
        : inputs.computeIfAbsent(which, input::apply);
  }

  /** The input without tokens, which is padding alone. */
  AttentionInput nothing() {
    return shard(-1, poison);
  }

  /** The input with one shard's tokens, and padding behind them. */
  AttentionInput shard(int shard) {
    return kept(shard, one -> shard(one, poison));
  }

  /**
   * The input with one shard's tokens, and padding behind them.
   *
   * @param payload the number that fills padding slots
   */
  AttentionInput shard(int shard, double payload) {
    int[] own = owners.positions(shard);
    int[] positions = Arrays.copyOf(own, Math.max(1, own.length + padding));
    Arrays.fill(positions, own.length, positions.length, -1);
    return new AttentionInput(
        this,
        positions,
        gathered(keys, own, positions.length, keyDim, payload),
        gathered(values, own, positions.length, valueDim, payload),
        shard == 0,
        owners.placement(),
        owners.part(Math.max(0, shard)));
  }

  private double[] gathered(double[] all, int[] own, int slots, int dim, double payload) {
    int width = kvHeads * dim;
    double[] some = new double[slots * width];
    Arrays.fill(some, payload);
    for (int slot = 0; slot < own.length; slot++) {
      System.arraycopy(all, own[slot] * width, some, slot * width, width);
    }
    return some;
  }

  /** The same request, but beginning at another position. */
  AttentionCase at(int otherOffset) {
    AttentionDraft draft = new AttentionDraft(this);
    draft.offset = otherOffset;
    return draft.done();
  }

  /**
   * The same request with the value {@code [valueDim]} for every token, and without sinks, because
   * the value of a sink is 0.
   */
  AttentionCase constant(double[] value) {
    AttentionDraft draft = new AttentionDraft(this);
    draft.sinks = new double[0];
    draft.setValues(value);
    return draft.done();
  }

  /** Describes the case in words, with a hash of its numbers because they are many. */
  String inFull() {
    double[][] numbers = {queries, keys, values, sinks, alibiSlopes};
    return "%s, numbers of hash %08x".formatted(this, Arrays.deepHashCode(numbers));
  }

  @Override
  public String toString() {
    String all =
        "%d query tokens at %s, %d heads on %d KV heads, keys of %d, values of %d, context %d on %s, padding of %d × %s"
            .formatted(
                tokens,
                Arrays.toString(queryPositions),
                heads,
                kvHeads,
                keyDim,
                valueDim,
                context(),
                owners,
                padding,
                poison);
    all += offset == 0 ? "" : ", beginning at position %d".formatted(offset);
    all += rotary.map(rule -> ", " + rule).orElse("");
    all += ", scale %s".formatted(scale);
    all += softCap == 0 ? "" : ", soft cap %s".formatted(softCap);
    all += window == 0 ? "" : ", window %d".formatted(window);
    all += keyScale == 1 ? "" : ", key scale %s".formatted(keyScale);
    all += valueScale == 1 ? "" : ", value scale %s".formatted(valueScale);
    all += hard.isEmpty() ? "" : " %s".formatted(hard);
    all += ", choices %d".formatted(seed);
    if (queries.length + keys.length + values.length > MOST_SHOWN) {
      return all;
    }
    all += shown("sinks", sinks) + shown("ALiBi slopes", alibiSlopes);
    all += shown("queries [tokens, heads, keyDim]", queries);
    all += shown("keys [context, kvHeads, keyDim]", keys);
    return valuesInKeys
        ? all + ", of which the first are values"
        : all + shown("values [context, kvHeads, valueDim]", values);
  }

  private static String shown(String name, double[] numbers) {
    return numbers.length == 0 ? "" : ", " + name + " " + Arrays.toString(numbers);
  }
}
