package dev.helix.laws.attention;

import dev.helix.attention.SlotPositions;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.laws.rotary.RotaryRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * One shard of one request, as a partial attention under test is given it: score(t, h, j) =
 * cap(scale · keyScale · q·k) − slopeₕ · (position of t − position of j), over the slots j that
 * token t sees; value j is valueScale · v. Query head h reads KV head h / (heads / kvHeads). With a
 * rotary rule, q and k are first turned by their positions, and scores have YaRN's factor.
 *
 * <p>Token t sees slot j if the slot holds a token ({@code slotPositions()[j] >= 0}), not after
 * {@code queryPositions()[t]}, and, with a window w &gt; 0, after {@code queryPositions()[t] − w}.
 * Positions are global. Slots rise in position; what padding slots hold may be anything. So may
 * what a token holds for queries that do not see it; those that do must report NaN in it, as NaN or
 * by an exception.
 */
public final class AttentionInput {
  final AttentionCase given;
  private final int[] slotPositions;
  private final double[] keys;
  private final double[] values;
  private final boolean countsSink;
  private final Optional<KvPlacement> placement;
  private final int shard;

  AttentionInput(
      AttentionCase given,
      int[] slotPositions,
      double[] keys,
      double[] values,
      boolean countsSink,
      Optional<KvPlacement> placement,
      int shard) {
    this.given = given;
    this.slotPositions = slotPositions;
    this.keys = keys;
    this.values = values;
    this.countsSink = countsSink;
    this.placement = placement;
    this.shard = shard;
  }

  /** The same with NaN in a component of a slot's value, and of its key if that is where it is. */
  AttentionInput withNanInValue(int slot, int kvHead, int component) {
    double[] other = given.valuesInKeys() ? withNan(keys, slot, kvHead, component) : keys;
    return holding(slotPositions, other, withNan(values, slot, kvHead, component), countsSink);
  }

  /** The same with NaN in a component of a slot's key, and of its value if that is part of it. */
  AttentionInput withNanInKey(int slot, int kvHead, int component) {
    boolean both = given.valuesInKeys() && component < valueDim();
    double[] other = both ? withNan(values, slot, kvHead, component) : values;
    return holding(slotPositions, withNan(keys, slot, kvHead, component), other, countsSink);
  }

  /** Of all slots only one has its token, and nobody brings sinks. */
  AttentionInput only(int slot) {
    int[] positions = new int[slots()];
    Arrays.fill(positions, -1);
    positions[slot] = slotPositions[slot];
    return holding(positions, keys, values, false);
  }

  private double[] withNan(double[] all, int slot, int kvHead, int component) {
    double[] changed = all.clone();
    changed[(slot * kvHeads() + kvHead) * (all.length / slots() / kvHeads()) + component] =
        Double.NaN;
    return changed;
  }

  private AttentionInput holding(
      int[] positions, double[] someKeys, double[] someValues, boolean sink) {
    return new AttentionInput(given, positions, someKeys, someValues, sink, placement, shard);
  }

  /** Query tokens. */
  public int tokens() {
    return given.tokens();
  }

  public int heads() {
    return given.heads();
  }

  public int kvHeads() {
    return given.kvHeads();
  }

  public int keyDim() {
    return given.keyDim();
  }

  public int valueDim() {
    return given.valueDim();
  }

  /** Slots of the shard's cache, used or not. */
  public int slots() {
    return slotPositions.length;
  }

  /**
   * Slots of a page, for an implementation whose cache is paged and whose pages may be of any size:
   * few or many, so that tokens are on both sides of a page's end, and pages longer than a kernel's
   * block. Hard cases lie at the edges of such pages.
   */
  public int pageSlots() {
    boolean few = slots() <= AttentionHardCase.LONG_PAGE_SLOTS / 2;
    return few && given.seed() % 2 == 0
        ? AttentionHardCase.PAGE_SLOTS
        : AttentionHardCase.LONG_PAGE_SLOTS;
  }

  /** Whether the values are the first components of the keys, as in latent attention. */
  public boolean valuesInKeys() {
    return given.valuesInKeys();
  }

  /** {@code [tokens, heads, keyDim]}. */
  public double[] queries() {
    return given.queries().clone();
  }

  /** {@code [slots, kvHeads, keyDim]}. */
  public double[] keys() {
    return keys.clone();
  }

  /**
   * {@code [slots, kvHeads, valueDim]}; without {@link AttentionFeature#SEPARATE_VALUES} the first
   * components of the keys.
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * Global positions, {@code [tokens]}; a request may begin anywhere, and what was before it is not
   * there.
   */
  public int[] queryPositions() {
    return Arrays.stream(given.queryPositions()).map(p -> p + given.offset()).toArray();
  }

  /** Global positions, {@code [slots]}; −1 where a slot holds no token of this request. */
  public int[] slotPositions() {
    return Arrays.stream(slotPositions).map(p -> p < 0 ? p : p + given.offset()).toArray();
  }

  /** Positions of tokens in their request, {@code [slots]}; −1 where a slot holds no token. */
  int[] places() {
    return slotPositions;
  }

  /**
   * By what rule queries and keys still have to be turned, for an implementation that does so
   * itself; one that does not is given them as they are to be multiplied.
   */
  public Optional<RotaryRule> rotary() {
    return given.rotary();
  }

  public double scale() {
    return given.scale();
  }

  /** c in c·tanh(s/c); 0 for none. */
  public double softCap() {
    return given.softCap();
  }

  /** 0 for none. */
  public int window() {
    return given.window();
  }

  public double keyScale() {
    return given.keyScale();
  }

  public double valueScale() {
    return given.valueScale();
  }

  /** A score of nothing, {@code [heads]}; empty if the layer has none. */
  public double[] sinks() {
    return given.sinks().clone();
  }

  /** What a score loses for each position between token and query, {@code [heads]}; or empty. */
  public double[] alibiSlopes() {
    return given.alibiSlopes().clone();
  }

  /**
   * How far the slots are from a global position, if tokens are dealt by a rule: the rule counts
   * from where the request begins.
   */
  public Optional<SlotPositions> positionsFrom(int query) {
    return placement.map(dealt -> new SlotPositions(dealt, shard, query - given.offset()));
  }

  /** Whether this shard is the one that adds the sinks to its weights. */
  public boolean countsSink() {
    return countsSink;
  }

  @Override
  public String toString() {
    return given + "; slots of positions " + Arrays.toString(slotPositions());
  }
}
