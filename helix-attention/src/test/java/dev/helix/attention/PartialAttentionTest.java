package dev.helix.attention;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HEADS;
import static dev.helix.tensor.Axis.HEAD_DIM;
import static dev.helix.tensor.Axis.KV_HEADS;
import static dev.helix.tensor.Axis.SHARDS;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class PartialAttentionTest {
  /** A tensor without numbers. */
  private record Shaped(Spec spec) implements Tensor {
    @Override
    public int owner() {
      return 0;
    }
  }

  private static final Dim TOKENS = new Dim(BATCH, 4);
  private static final Dim FOUR_HEADS = new Dim(HEADS, 4);
  private static final Dim FOUR_SHARDS = new Dim(SHARDS, 4);
  private static final Dim COMPONENTS = new Dim(HEAD_DIM, 4);

  @Test
  void aPartIsAnOutputAndAWeightForEachTokenAndHead() {
    PartialAttention<Shaped> part =
        new PartialAttention<>(of(TOKENS, FOUR_HEADS, COMPONENTS), of(TOKENS, FOUR_HEADS));
    assertSame(part, part.requirePart("flashDecode"));
    assertRefused("mergeByLse: expected axes", () -> part.requireStack("mergeByLse"));
  }

  @Test
  void aStackIsThatForEachShard() {
    PartialAttention<Shaped> stack =
        new PartialAttention<>(
            of(FOUR_SHARDS, TOKENS, FOUR_HEADS, COMPONENTS), of(FOUR_SHARDS, TOKENS, FOUR_HEADS));
    assertSame(stack, stack.requireStack("mergeByLse"));
    assertRefused("flashDecode: expected axes", () -> stack.requirePart("flashDecode"));
  }

  /** Tokens, heads and shards are equally many here: only the names tell them apart. */
  @Test
  void axesInAnotherOrderAreRefusedAlsoWhereEverySizeIsTheSame() {
    Shaped output = of(TOKENS, FOUR_HEADS, COMPONENTS);
    Shaped stacked = of(FOUR_SHARDS, TOKENS, FOUR_HEADS, COMPONENTS);
    assertPartRefused(output, of(FOUR_HEADS, TOKENS));
    assertPartRefused(of(FOUR_HEADS, TOKENS, COMPONENTS), of(TOKENS, FOUR_HEADS));
    assertPartRefused(of(TOKENS, COMPONENTS, FOUR_HEADS), of(TOKENS, FOUR_HEADS));
    assertPartRefused(output, of(TOKENS, new Dim(KV_HEADS, 4)));
    assertPartRefused(output, output);
    assertStackRefused(stacked, of(FOUR_SHARDS, FOUR_HEADS, TOKENS));
    assertStackRefused(stacked, of(TOKENS, FOUR_SHARDS, FOUR_HEADS));
    assertStackRefused(
        of(TOKENS, FOUR_SHARDS, FOUR_HEADS, COMPONENTS), of(FOUR_SHARDS, TOKENS, FOUR_HEADS));
    assertStackRefused(stacked, of(TOKENS, FOUR_HEADS));
  }

  @Test
  void outputAndWeightOfDifferentSizesAreRefusedWithTheAxis() {
    Shaped output = of(TOKENS, FOUR_HEADS, COMPONENTS);
    Shaped stacked = of(FOUR_SHARDS, TOKENS, FOUR_HEADS, COMPONENTS);
    assertRefused(
        "p: output f64[batch=4, heads=4, headDim=4] and lse f64[batch=4, heads=5] differ along"
            + " heads",
        () -> new PartialAttention<>(output, of(TOKENS, new Dim(HEADS, 5))).requirePart("p"));
    assertRefused(
        "differ along batch",
        () -> new PartialAttention<>(output, of(new Dim(BATCH, 1), FOUR_HEADS)).requirePart("p"));
    assertRefused(
        "differ along shards",
        () ->
            new PartialAttention<>(stacked, of(new Dim(SHARDS, 3), TOKENS, FOUR_HEADS))
                .requireStack("p"));
    assertRefused(
        "differ along batch",
        () ->
            new PartialAttention<>(stacked, of(FOUR_SHARDS, new Dim(BATCH, 3), FOUR_HEADS))
                .requireStack("p"));
    assertRefused(
        "differ along heads",
        () ->
            new PartialAttention<>(stacked, of(FOUR_SHARDS, TOKENS, new Dim(HEADS, 3)))
                .requireStack("p"));
  }

  private static Shaped of(Dim... dims) {
    return new Shaped(Spec.of(DType.F64, dims));
  }

  private static void assertPartRefused(Shaped output, Shaped lse) {
    assertRefused("p: expected axes", () -> new PartialAttention<>(output, lse).requirePart("p"));
  }

  private static void assertStackRefused(Shaped output, Shaped lse) {
    assertRefused("p: expected axes", () -> new PartialAttention<>(output, lse).requireStack("p"));
  }

  private static void assertRefused(String message, Executable call) {
    Exception refusal = assertThrows(IllegalArgumentException.class, call);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
