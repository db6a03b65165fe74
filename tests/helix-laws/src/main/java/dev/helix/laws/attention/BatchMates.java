package dev.helix.laws.attention;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes other requests that go into one launch with a given request. They consist of its numbers,
 * so that nothing more has to be drawn, and have the same heads, widths and rules.
 */
final class BatchMates {
  private final AttentionCase given;

  BatchMates(AttentionCase given) {
    this.given = given;
  }

  /**
   * Three requests: one as long as the given request, the given one, and a shorter one with one
   * query token.
   */
  List<AttentionCase> around() {
    return List.of(mirrored(), given, half());
  }

  /**
   * Launches of {@link #around} and of its last two: in each order, so that a longer request comes
   * before a shorter one and behind it.
   */
  static <T> List<List<T>> launches(List<T> around) {
    T asLong = around.get(0);
    T given = around.get(1);
    T shorter = around.get(2);
    return List.of(
        List.of(given, shorter),
        List.of(shorter, given),
        List.of(asLong, given, shorter),
        List.of(shorter, given, asLong));
  }

  /** Tokens in the other order, and of other signs. */
  private AttentionCase mirrored() {
    AttentionDraft draft = new AttentionDraft(given);
    int[] order = IntStream.range(0, given.context()).map(j -> given.context() - 1 - j).toArray();
    draft.keys = of(given.keys(), given.keyDim(), order);
    draft.values = of(given.values(), given.valueDim(), order);
    draft.values = Arrays.stream(draft.values).map(v -> -v).toArray();
    if (given.valuesInKeys()) {
      draft.keys = Arrays.stream(draft.keys).map(k -> -k).toArray();
      draft.queries = Arrays.stream(given.queries()).map(q -> -q).toArray();
    }
    return draft.done();
  }

  /** The first half of the tokens, as the last query token would see them. */
  private AttentionCase half() {
    AttentionDraft draft = new AttentionDraft(given);
    int[] some = IntStream.range(0, (given.context() + 1) / 2).toArray();
    draft.owners = given.owners().kept(some);
    draft.keys = of(given.keys(), given.keyDim(), some);
    draft.values = of(given.values(), given.valueDim(), some);
    draft.tokens = 1;
    int query = given.heads() * given.keyDim();
    draft.queries =
        Arrays.copyOfRange(given.queries(), given.queries().length - query, given.queries().length);
    draft.queryPositions = new int[] {Math.max(0, some.length - 1)};
    return draft.done();
  }

  private double[] of(double[] all, int dim, int[] tokens) {
    int width = given.kvHeads() * dim;
    double[] some = new double[tokens.length * width];
    for (int at = 0; at < tokens.length; at++) {
      System.arraycopy(all, tokens[at] * width, some, at * width, width);
    }
    return some;
  }
}
