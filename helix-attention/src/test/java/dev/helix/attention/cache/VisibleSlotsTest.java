package dev.helix.attention.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The walk over pages of different sizes, by slots. */
final class VisibleSlotsTest {
  private final VisibleSlots slots =
      new VisibleSlots(
          () -> 0,
          "flashDecode",
          Spec.of(
              DType.F64, new Dim(Axis.BATCH, 1), new Dim(Axis.HEADS, 4), new Dim(Axis.HEAD_DIM, 2)),
          2);

  @Test
  void onlyPagesWithVisibleSlotsAreReadAndFromTheFirstVisibleOneOn() {
    KvPage<TokenTensor> a = page(2, 3);
    KvPage<TokenTensor> b = page(2, 1);
    KvPage<TokenTensor> c = page(2, 4);
    assertEquals(
        List.of(new PagePart<>(a, 1, 2, 1), new PagePart<>(b, 0, 1, 3)),
        slots.in(view(List.of(a, b, c), 3, 1)));
    assertEquals(
        List.of(new PagePart<>(b, 0, 1, 3), new PagePart<>(c, 0, 2, 4)),
        slots.in(view(List.of(a, b, c), 3, 3)));
    assertEquals(List.of(), slots.in(view(List.of(a), 0, 0)));
  }

  @Test
  void pagesOfOneViewHaveTheSameHeads() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> slots.in(view(List.of(page(2, 3), page(4, 3)), 5, 0)));
    assertEquals(
        "flashDecode on rank 0: KV heads of a page: expected 2, got 4", refusal.getMessage());
  }

  @Test
  void aViewLongerThanItsPagesIsRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> slots.in(view(List.of(page(2, 3)), 3, 1)));
    assertEquals(
        "flashDecode on rank 0: a view of 3 tokens from slot 1 on has pages for 2",
        refusal.getMessage());
  }

  private static KvView<TokenTensor> view(List<KvPage<TokenTensor>> pages, int length, int first) {
    return new KvView<>(pages, length, first, Optional.empty());
  }

  private static KvPage<TokenTensor> page(int kvHeads, int slots) {
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.KV_HEADS, kvHeads),
            new Dim(Axis.SLOTS, slots),
            new Dim(Axis.HEAD_DIM, 2));
    return new KvPage<>(TokenTensor.empty(spec, slots), TokenTensor.empty(spec, slots));
  }
}
