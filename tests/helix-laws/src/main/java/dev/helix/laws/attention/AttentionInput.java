package dev.helix.laws.attention;

import dev.helix.attention.SlotPositions;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.laws.rotary.RotaryAngles;
import dev.helix.laws.rotary.RotaryRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One shard of one request, as a partial attention under test is given it: score(t, h, j) =
 * cap(scale · keyScale · q·k) − slopeₕ · (position of t − position of j), over the slots j that
 * token t sees; value j is valueScale · v. Query head h reads KV head h / (heads / kvHeads). With a
 * rotary rule, q and k are first turned by their positions, and scores have YaRN's factor.
 *
 * <p>Token t sees slot j if the slot holds a token ({@code slotPositions()[j] >= 0}), not after
 * {@code queryPositions()[t]}, and, with a window w &gt; 0, after {@code queryPositions()[t] − w}.
 * Positions are global. Slots rise in position. Padding slots may hold any bits, and so may a token
 * that a query does not see. A query that does see a token must report NaN in it, as NaN or by an
 * exception.
 */
public final class AttentionInput {
  /** Slots of which all positions are shown, beyond the longest tile; of more a few are. */
  private static final int MOST_SHOWN = 600;

  private static final int FIRST_SHOWN = 8;

  /**
   * Number of slots of a page if a shard has so many slots that shorter pages would be too many.
   */
  private static final int LONGEST_PAGE_SLOTS = 16 * AttentionHardCase.LONG_PAGE_SLOTS;

  final AttentionCase given;
  private final int[] slotPositions;
  private final double[] keys;
  private final double[] values;
  private final boolean countsSink;
  private final Optional<KvPlacement> placement;
  private final int shard;
  private final Map<Contract, AttentionReference> references = new ConcurrentHashMap<>();

  /** What bounds follow from. */
  private record Contract(Convention convention, RotaryAngles angles) {}

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

  /**
   * The same input with NaN in a component of a slot's value. If the key contains the value, it has
   * the NaN too.
   */
  AttentionInput withNanInValue(int slot, int kvHead, int component) {
    double[] other = given.valuesInKeys() ? withNan(keys, slot, kvHead, component) : keys;
    return holding(slotPositions, other, withNan(values, slot, kvHead, component), countsSink);
  }

  /**
   * The same input with NaN in a component of a slot's key. If that component is part of the value,
   * the value has the NaN too.
   */
  AttentionInput withNanInKey(int slot, int kvHead, int component) {
    boolean both = given.valuesInKeys() && component < valueDim();
    double[] other = both ? withNan(values, slot, kvHead, component) : values;
    return holding(slotPositions, withNan(keys, slot, kvHead, component), other, countsSink);
  }

  /** The same input with only one slot that has its token, and without sinks. */
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

  /** The true values of its rows, which are found once for each contract. */
  AttentionReference reference(Convention convention, RotaryAngles angles) {
    return references.computeIfAbsent(
        new Contract(convention, angles),
        unknown -> new AttentionReference(convention, angles, this));
  }

  /** Number of query tokens. */
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

  /** Number of slots of the shard's cache, used or not. */
  public int slots() {
    return slotPositions.length;
  }

  /**
   * Number of slots of a page, for an implementation whose cache has pages and whose pages may be
   * of any size. Some cases have small pages, so that tokens stand on both sides of a page's end,
   * and others have pages longer than a kernel's block. Hard cases lie at the edges of such pages.
   * Shards of very many slots have still longer pages.
   */
  public int pageSlots() {
    if (slots() > LONGEST_PAGE_SLOTS) {
      return LONGEST_PAGE_SLOTS;
    }
    boolean few = slots() <= AttentionHardCase.LONG_PAGE_SLOTS / 2;
    return few && given.seed() % 2 == 0
        ? AttentionHardCase.PAGE_SLOTS
        : AttentionHardCase.LONG_PAGE_SLOTS;
  }

  /** Whether the values are the first components of the keys, as in latent attention. */
  public boolean valuesInKeys() {
    return given.valuesInKeys();
  }

  /** Queries, {@code [tokens, heads, keyDim]}. */
  public double[] queries() {
    return given.queries().clone();
  }

  /** Keys, {@code [slots, kvHeads, keyDim]}. */
  public double[] keys() {
    return keys.clone();
  }

  /**
   * Values, {@code [slots, kvHeads, valueDim]}; without {@link AttentionFeature#SEPARATE_VALUES}
   * the first components of the keys.
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * Global positions of the query tokens, {@code [tokens]}. A request may begin at any position,
   * and there are no tokens before it.
   */
  public int[] queryPositions() {
    return Arrays.stream(given.queryPositions()).map(p -> p + given.offset()).toArray();
  }

  /**
   * Global positions of the slots' tokens, {@code [slots]}; −1 where a slot holds no token of this
   * request.
   */
  public int[] slotPositions() {
    return Arrays.stream(slotPositions).map(p -> p < 0 ? p : p + given.offset()).toArray();
  }

  /** Positions of tokens in their request, {@code [slots]}; −1 where a slot holds no token. */
  int[] places() {
    return slotPositions;
  }

  /**
   * The rule by which queries and keys still have to be turned, for an implementation that turns
   * them itself. Empty for one that does not: its queries and keys are given as they are to be
   * multiplied.
   */
  public Optional<RotaryRule> rotary() {
    return given.rotary();
  }

  public double scale() {
    return given.scale();
  }

  /** The soft cap c of scores, c·tanh(s/c); 0 if there is none. */
  public double softCap() {
    return given.softCap();
  }

  /** The window w, in tokens; 0 if there is none. */
  public int window() {
    return given.window();
  }

  public double keyScale() {
    return given.keyScale();
  }

  public double valueScale() {
    return given.valueScale();
  }

  /**
   * The sinks, {@code [heads]}: scores that count in the softmax's sum but have no value. Empty if
   * the layer has none.
   */
  public double[] sinks() {
    return given.sinks().clone();
  }

  /**
   * ALiBi slopes, {@code [heads]}: a score falls by the slope for each position between token and
   * query. Empty if the layer has none.
   */
  public double[] alibiSlopes() {
    return given.alibiSlopes().clone();
  }

  /**
   * The distances of the slots from a global position, if tokens are dealt by a rule; the rule
   * counts from the position at which the request begins.
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
    int[] positions = slotPositions();
    String shown =
        slots() <= MOST_SHOWN
            ? "; slots of positions " + Arrays.toString(positions)
            : "; %d slots, the first of positions %s"
                .formatted(slots(), Arrays.toString(Arrays.copyOf(positions, FIRST_SHOWN)));
    return given + shown;
  }
}
