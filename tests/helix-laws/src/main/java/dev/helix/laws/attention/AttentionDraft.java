package dev.helix.laws.attention;

import dev.helix.laws.rotary.RotaryRule;
import dev.helix.laws.tokens.TokenOwners;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An {@link AttentionCase} while it is put together. What is not set is plain: scale 1, no cap, no
 * window, no sinks, no slopes, no padding, and queries at the last positions.
 */
final class AttentionDraft {
  int tokens;
  int heads;
  int kvHeads;
  int keyDim;
  int valueDim;
  TokenOwners owners;
  int[] queryPositions;

  /** The position of token 0. Token j stands j positions behind it, and so does a query at j. */
  int offset;

  /** Queries, {@code [tokens, heads, keyDim]}. */
  double[] queries;

  /** Keys, {@code [context, kvHeads, keyDim]}. */
  double[] keys;

  /** {@code [context, kvHeads, valueDim]}; of no use if values are in the keys. */
  double[] values;

  /** Whether a value is the first components of its key. */
  boolean valuesInKeys;

  double[] sinks = {};
  double[] slopes = {};
  double scale = 1;
  double softCap;
  int window;
  Optional<RotaryRule> rotary = Optional.empty();
  double keyScale = 1;
  double valueScale = 1;
  int padding;
  double poison = Double.NaN;
  Set<AttentionFeature> features;
  Set<AttentionHardCase> hard = EnumSet.noneOf(AttentionHardCase.class);
  long seed;

  /** A draft whose numbers are all 0. */
  AttentionDraft(
      Set<AttentionFeature> features,
      int tokens,
      int heads,
      int kvHeads,
      int keyDim,
      int valueDim,
      TokenOwners owners) {
    this.features = features;
    this.tokens = tokens;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.owners = owners;
    int context = owners.tokens();
    this.queryPositions = lastPositions(tokens, context);
    this.queries = new double[tokens * heads * keyDim];
    this.keys = new double[context * kvHeads * keyDim];
    this.values = new double[context * kvHeads * valueDim];
  }

  /**
   * A copy of a case, to be changed. Its arrays are those of the case, so they have to be replaced
   * and must not be written.
   */
  AttentionDraft(AttentionCase given) {
    this.features = given.features();
    this.tokens = given.tokens();
    this.heads = given.heads();
    this.kvHeads = given.kvHeads();
    this.keyDim = given.keyDim();
    this.valueDim = given.valueDim();
    this.owners = given.owners();
    this.queryPositions = given.queryPositions();
    this.offset = given.offset();
    this.rotary = given.rotary();
    this.queries = given.queries();
    this.keys = given.keys();
    this.values = given.values();
    this.valuesInKeys = given.valuesInKeys();
    this.sinks = given.sinks();
    this.slopes = given.alibiSlopes();
    this.scale = given.scale();
    this.softCap = given.softCap();
    this.window = given.window();
    this.keyScale = given.keyScale();
    this.valueScale = given.valueScale();
    this.padding = given.padding();
    this.poison = given.poison();
    this.hard = given.hard();
    this.seed = given.seed();
  }

  /**
   * The last positions of a context, clipped at 0 if there are more query tokens than positions.
   */
  static int[] lastPositions(int tokens, int context) {
    return IntStream.range(context - tokens, context).map(p -> Math.max(p, 0)).toArray();
  }

  /**
   * Makes values the first components of keys. Queries have 0 there, so that scores stay the same.
   */
  void setValuesBeforeKeys() {
    int wide = valueDim + keyDim;
    double[] before = new double[kvHeads * owners.tokens() * wide];
    for (int row = 0; row < kvHeads * owners.tokens(); row++) {
      System.arraycopy(values, row * valueDim, before, row * wide, valueDim);
      System.arraycopy(keys, row * keyDim, before, row * wide + valueDim, keyDim);
    }
    double[] padded = new double[tokens * heads * wide];
    for (int row = 0; row < tokens * heads; row++) {
      System.arraycopy(queries, row * keyDim, padded, row * wide + valueDim, keyDim);
    }
    keys = before;
    queries = padded;
    keyDim = wide;
    valueDim = features.contains(AttentionFeature.VALUE_WIDTH) ? valueDim : wide;
    valuesInKeys = true;
  }

  /** Sets every value to one vector, {@code [valueDim]}. Keys that hold values change with them. */
  void setValues(double[] value) {
    double[] same = new double[owners.tokens() * kvHeads * valueDim];
    Arrays.setAll(same, i -> value[i % valueDim]);
    values = same;
    if (valuesInKeys) {
      double[] changed = keys.clone();
      for (int row = 0; row < owners.tokens() * kvHeads; row++) {
        System.arraycopy(value, 0, changed, row * keyDim, valueDim);
      }
      keys = changed;
    }
  }

  /** The first components of all keys, as many as a value has. */
  double[] firstOfKeys() {
    double[] first = new double[owners.tokens() * kvHeads * valueDim];
    for (int row = 0; row < owners.tokens() * kvHeads; row++) {
      System.arraycopy(keys, row * keyDim, first, row * valueDim, valueDim);
    }
    return first;
  }

  AttentionCase done() {
    if (valuesInKeys) {
      values = firstOfKeys();
    }
    return new AttentionCase(this);
  }
}
