package dev.helix.attention.faults;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Makes views of a shard that begin or end elsewhere than the healthy view. */
public final class Views {
  private Views() {}

  /** A view that ends at another slot, but no further than its pages. */
  public static <T extends Tensor> KvView<T> endingAt(KvView<T> view, int end) {
    return endingAt(view, view.pages(), end);
  }

  /** A view of other pages that ends at another slot, but no further than these pages. */
  public static <T extends Tensor> KvView<T> endingAt(
      KvView<T> view, List<KvPage<T>> pages, int end) {
    int length = Math.max(0, Math.min(slots(pages), end) - view.first());
    return new KvView<>(pages, length, view.first(), view.positions());
  }

  /** A view of all slots of its pages, written or not. */
  public static <T extends Tensor> KvView<T> ofWholePages(KvView<T> view) {
    return endingAt(view, Integer.MAX_VALUE);
  }

  /** A view of some slots of a view's pages. */
  public static <T extends Tensor> KvView<T> part(KvView<T> view, int first, int length) {
    return new KvView<>(view.pages(), length, first, view.positions());
  }

  /** The pages that a view needs, without those that hold only tokens behind it. */
  public static <T extends Tensor> List<KvPage<T>> needed(KvView<T> view) {
    List<KvPage<T>> needed = new ArrayList<>();
    int room = 0;
    for (KvPage<T> page : view.pages()) {
      if (room < view.first() + view.length()) {
        needed.add(page);
        room += slots(List.of(page));
      }
    }
    return needed;
  }

  private static <T extends Tensor> int slots(List<KvPage<T>> pages) {
    return pages.stream().mapToInt(page -> page.keys().spec().size(Axis.SLOTS)).sum();
  }
}
