package dev.helix.laws.attention;

import dev.helix.laws.Trait;
import java.util.Arrays;
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
  private final Trait.Noted noted = new Trait.Noted();

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
    return found.noted.all();
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
    noted.note("that see no token", seen == 0);
    noted.note("that see a sink and no token", seen == 0 && sink);
    noted.note("of shards without tokens", held == 0);
    noted.note("of shards with padding behind their tokens", held > 0 && held < positions.length);
    noted.note("of shards with padding", held < positions.length);
    noted.note(
        "of shards that hold tokens after the query's position",
        Arrays.stream(positions).anyMatch(p -> p > query));
    noted.note(
        "that see tokens whose slots are not at their positions",
        IntStream.range(0, positions.length)
            .anyMatch(
                slot ->
                    positions[slot] != slot
                        && AttentionReference.visible(asked.given, positions[slot], query)));
    for (int size : SIZES) {
      noted.note("that see # or more tokens", size, seen >= size);
      noted.note("of shards of # or more tokens", size, held >= size);
      noted.note("of shards of # or more slots", size, positions.length >= size);
    }
    for (int position : POSITIONS) {
      noted.note("of queries at position # and later", position, query >= position);
    }
  }

  private void ofRules() {
    noted.note("with a sink that is counted", asked.countsSink() && asked.sinks().length > 0);
    noted.note("of a layer with sinks", asked.sinks().length > 0);
    noted.note("with a soft cap", asked.softCap() != 0);
    noted.note("with a window", asked.window() != 0);
    noted.note("with ALiBi slopes", asked.alibiSlopes().length > 0);
    noted.note(
        "with a key scale that is not the value scale", asked.keyScale() != asked.valueScale());
    noted.note("with a key scale that is not 1", asked.keyScale() != 1);
    noted.note("with a value scale that is not 1", asked.valueScale() != 1);
    noted.note("with a softmax scale that is not 1", asked.scale() != 1);
  }

  private void ofHeads() {
    int group = asked.heads() / asked.kvHeads();
    noted.note(
        "of several KV heads, each of several query heads", asked.kvHeads() > 1 && group > 1);
    noted.note("of several KV heads", asked.kvHeads() > 1);
    noted.note("of KV heads after the first", head / group > 0);
    noted.note("of several query heads to a KV head", group > 1);
    noted.note("of values that are in their keys", asked.valuesInKeys());
    noted.note("of values narrower than keys", asked.valueDim() < asked.keyDim());
    noted.note("of values wider than keys", asked.valueDim() > asked.keyDim());
    noted.note("of several query tokens", asked.tokens() > 1);
    noted.note("of query tokens before the last", token < asked.tokens() - 1);
    noted.note("of query tokens after the first", token > 0);
  }

  private void ofSizes() {
    for (int size : SIZES) {
      noted.note("of keys of # or more components", size, asked.keyDim() >= size);
      noted.note("of values of # or more components", size, asked.valueDim() >= size);
      noted.note("of head # and later", size - 1, head + 1 >= size);
      noted.note("of questions of # or more heads", size, asked.heads() >= size);
      noted.note("of questions of # or more query tokens", size, asked.tokens() >= size);
    }
    noted.note("of keys whose width is no multiple of 8", asked.keyDim() % 8 != 0);
  }
}
