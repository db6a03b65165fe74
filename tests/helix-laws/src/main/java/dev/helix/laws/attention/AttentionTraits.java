package dev.helix.laws.attention;

import dev.helix.laws.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The traits that a row of a question to a partial attention may have. They are about the tokens
 * that its query sees, the rules of its scores, the place of the row, and the size of the shard.
 */
final class AttentionTraits {
  /** Sizes from which on kernels take another way: tiles, and one beyond. */
  private static final int[] SIZES = {
    2, 3, 5, 8, 9, 16, 17, 32, 33, 64, 65, 96, 97, 128, 129, 192, 193, 256, 257, 512, 513
  };

  /** Positions from which on formats and tables end: of BF16, of contexts, of FP32. */
  private static final int[] POSITIONS = {256, 4096, 65_536, 1 << 20, 1 << 24};

  private final AttentionInput asked;
  private final int token;
  private final int head;
  private final List<Trait> traits = new ArrayList<>();
  private int order;

  private AttentionTraits(AttentionInput asked, int row) {
    this.asked = asked;
    this.token = row / asked.heads();
    this.head = row % asked.heads();
  }

  /** The traits of a row. */
  static Set<Trait> of(AttentionInput asked, int row) {
    AttentionTraits found = new AttentionTraits(asked, row);
    found.ofTokens();
    found.ofRules();
    found.ofHeads();
    found.ofSizes();
    found.traits.add(Trait.ANY);
    return Set.copyOf(found.traits);
  }

  /** Called for each row with the same sentences in the same order, which is that of traits. */
  private void trait(String rows, boolean has) {
    order++;
    if (has) {
      traits.add(new Trait(order, rows));
    }
  }

  private void ofTokens() {
    int[] positions = asked.slotPositions();
    int query = asked.queryPositions()[token];
    int held = (int) Arrays.stream(positions).filter(p -> p >= 0).count();
    int seen =
        (int)
            Arrays.stream(positions)
                .filter(p -> AttentionReference.visible(asked.given, p, query))
                .count();
    boolean sink = asked.countsSink() && asked.sinks().length > 0;
    trait("that see no token", seen == 0);
    trait("that see a sink and no token", seen == 0 && sink);
    trait("of shards without tokens", held == 0);
    trait("of shards with padding behind their tokens", held > 0 && held < positions.length);
    trait("of shards with padding", held < positions.length);
    trait(
        "of shards that hold tokens after the query's position",
        Arrays.stream(positions).anyMatch(p -> p > query));
    trait(
        "that see tokens whose slots are not at their positions",
        IntStream.range(0, positions.length)
            .anyMatch(
                slot ->
                    positions[slot] != slot
                        && AttentionReference.visible(asked.given, positions[slot], query)));
    for (int size : SIZES) {
      trait("that see %d or more tokens".formatted(size), seen >= size);
      trait("of shards of %d or more tokens".formatted(size), held >= size);
      trait("of shards of %d or more slots".formatted(size), positions.length >= size);
    }
    for (int position : POSITIONS) {
      trait("of queries at position %d and later".formatted(position), query >= position);
    }
  }

  private void ofRules() {
    trait("with a sink that is counted", asked.countsSink() && asked.sinks().length > 0);
    trait("of a layer with sinks", asked.sinks().length > 0);
    trait("with a soft cap", asked.softCap() != 0);
    trait("with a window", asked.window() != 0);
    trait("with ALiBi slopes", asked.alibiSlopes().length > 0);
    trait("with a key scale that is not the value scale", asked.keyScale() != asked.valueScale());
    trait("with a key scale that is not 1", asked.keyScale() != 1);
    trait("with a value scale that is not 1", asked.valueScale() != 1);
    trait("with a softmax scale that is not 1", asked.scale() != 1);
  }

  private void ofHeads() {
    int group = asked.heads() / asked.kvHeads();
    trait("of several KV heads, each of several query heads", asked.kvHeads() > 1 && group > 1);
    trait("of several KV heads", asked.kvHeads() > 1);
    trait("of KV heads after the first", head / group > 0);
    trait("of several query heads to a KV head", group > 1);
    trait("of values that are in their keys", asked.valuesInKeys());
    trait("of values narrower than keys", asked.valueDim() < asked.keyDim());
    trait("of values wider than keys", asked.valueDim() > asked.keyDim());
    trait("of several query tokens", asked.tokens() > 1);
    trait("of query tokens before the last", token < asked.tokens() - 1);
    trait("of query tokens after the first", token > 0);
  }

  private void ofSizes() {
    for (int size : SIZES) {
      trait("of keys of %d or more components".formatted(size), asked.keyDim() >= size);
      trait("of values of %d or more components".formatted(size), asked.valueDim() >= size);
      trait("of head %d and later".formatted(size - 1), head + 1 >= size);
      trait("of questions of %d or more heads".formatted(size), asked.heads() >= size);
      trait("of questions of %d or more query tokens".formatted(size), asked.tokens() >= size);
    }
    trait("of keys whose width is no multiple of 8", asked.keyDim() % 8 != 0);
  }
}
