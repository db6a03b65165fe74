package dev.helix.laws.merge;

import dev.helix.laws.Trait;
import dev.helix.laws.merge.states.Stack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * The traits that a row of a question to a merge may have: parts without tokens and what they hold,
 * weights far apart, sizes at the edges of tiles, and outputs that a format cannot hold.
 */
final class MergeTraits {
  /** Sizes from which on kernels take another way: tiles, and one beyond. */
  private static final int[] SIZES = {
    2, 3, 5, 8, 9, 16, 17, 32, 33, 64, 65, 96, 97, 128, 129, 192, 193, 256, 257, 512, 513
  };

  /** Beyond these, exp is lost in BF16, in FP32, in its subnormal numbers and in FP64. */
  private static final int[] NATS = {20, 88, 104, 709};

  private final Stack asked;
  private final int row;
  private final int[] living;
  private final double[] nats;
  private final Trait.Noted noted = new Trait.Noted();

  private MergeTraits(Stack asked, int row) {
    this.asked = asked;
    this.row = row;
    this.living =
        IntStream.range(0, asked.shards()).filter(shard -> asked.living(shard, row)).toArray();
    this.nats =
        Arrays.stream(living)
            .mapToDouble(shard -> asked.convention().base().toNatural(asked.lse(shard, row)))
            .sorted()
            .toArray();
  }

  /** The traits of a row. */
  static Set<Trait> of(Stack asked, int row) {
    MergeTraits found = new MergeTraits(asked, row);
    found.ofPartsWithoutTokens();
    found.ofWeights();
    found.ofOutputs();
    found.ofSizes();
    return found.noted.all();
  }

  private void ofPartsWithoutTokens() {
    boolean none = living.length == 0;
    boolean some = living.length < asked.shards();
    noted.note("of which no shard has tokens", none);
    noted.note("of several shards, none of which has tokens", none && asked.shards() > 1);
    noted.note(
        "to which a shard without tokens brings NaN or infinity, and another has tokens",
        some && !none && IntStream.range(0, asked.shards()).anyMatch(this::holdsNoNumber));
    noted.note("of which the first shard has no tokens", !asked.living(0, row));
    noted.note("of which the first shard has no tokens, and another has", !none && living[0] > 0);
    noted.note("of which a shard has no tokens", some);
    noted.note("of one shard", asked.shards() == 1);
  }

  private boolean holdsNoNumber(int shard) {
    return !asked.living(shard, row)
        && IntStream.range(0, asked.dim())
            .anyMatch(i -> !Double.isFinite(asked.output(shard, row, i)));
  }

  private void ofWeights() {
    double gap = nats.length == 0 ? 0 : nats[nats.length - 1] - nats[0];
    noted.note("of shards whose weights are not equal", gap > 0);
    double largest = Arrays.stream(nats).map(Math::abs).max().orElse(0);
    for (int limit : NATS) {
      noted.note("whose weights lie more than # nats apart", limit, gap > limit);
      noted.note("with an LSE beyond # nats", limit, largest > limit);
    }
  }

  private void ofOutputs() {
    noted.note("with outputs that BF16 cannot hold", anyOutput(x -> DType.BF16.round(x) != x));
    noted.note("with outputs that FP16 cannot hold", anyOutput(x -> DType.F16.round(x) != x));
    noted.note("with outputs that FP32 cannot hold", anyOutput(x -> DType.F32.round(x) != x));
    noted.note("with outputs of both signs", anyOutput(x -> x > 0) && anyOutput(x -> x < 0));
    noted.note(
        "with outputs that are subnormal in FP32",
        anyOutput(x -> x != 0 && Math.abs(x) < 0x1p-126));
    noted.note("with outputs that are 0", anyOutput(x -> x == 0));
  }

  private boolean anyOutput(DoublePredicate has) {
    return Arrays.stream(living)
        .anyMatch(
            shard ->
                IntStream.range(0, asked.dim())
                    .mapToDouble(i -> asked.output(shard, row, i))
                    .anyMatch(has));
  }

  private void ofSizes() {
    int token = row / asked.heads();
    int head = row % asked.heads();
    noted.note("of several tokens and several heads", asked.tokens() > 1 && asked.heads() > 1);
    for (int size : SIZES) {
      noted.note("of # or more shards with tokens", size, living.length >= size);
      noted.note("of # or more shards", size, asked.shards() >= size);
      noted.note("of # or more components", size, asked.dim() >= size);
      noted.note("of token # and later", size - 1, token + 1 >= size);
      noted.note("of head # and later", size - 1, head + 1 >= size);
      noted.note("from row # on", size - 1, row + 1 >= size);
      noted.note("of questions of # or more tokens", size, asked.tokens() >= size);
      noted.note("of questions of # or more heads", size, asked.heads() >= size);
    }
    noted.note("of a number of components that is no multiple of 4", asked.dim() % 4 != 0);
    noted.note("of a number of components that is no multiple of 8", asked.dim() % 8 != 0);
  }
}
