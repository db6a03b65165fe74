package dev.helix.attention.cache;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks over the pages of a view, in the same way for all readings. It finds out which slots of
 * which pages the queries of one launch read, and checks that those pages can be read by them. It
 * does not look at what else the pages hold. Each page may have a number of slots of its own.
 */
public final class VisibleSlots {
  private final OperandChecks rank;
  private final String operation;
  private final Spec queries;
  private final int valueDim;

  /**
   * Creates the walk for one launch.
   *
   * @param operation the launch, for messages
   * @param queries {@code [batch, heads, headDim]}, which the pages have to fit
   * @param valueDim number of components of a value. They are all components of the page's values
   *     or, where keys and values are one tensor, the first components of a key
   */
  public VisibleSlots(OperandChecks rank, String operation, Spec queries, int valueDim) {
    this.rank = rank;
    this.operation = operation;
    this.queries = queries;
    this.valueDim = valueDim;
  }

  /**
   * The pages that hold visible slots, in order.
   *
   * @return parts that together have as many tokens as the view; none if the view is empty
   * @throws IllegalArgumentException naming the operation if such a page belongs to another rank or
   *     does not fit the queries or the pages before it, or if the pages have fewer slots than the
   *     view has tokens
   */
  public <T extends Tensor> List<PagePart<T>> in(KvView<T> view) {
    List<PagePart<T>> parts = new ArrayList<>();
    int remaining = view.length();
    int before = 0;
    for (KvPage<T> page : view.pages()) {
      if (remaining == 0) {
        break;
      }
      page.keys().spec().require(operation + " page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
      int slots = page.keys().spec().size(Axis.SLOTS);
      int from = Math.max(0, view.first() - before);
      if (from < slots) {
        PagePart<T> part =
            new PagePart<>(page, from, Math.min(remaining, slots - from), before + from);
        requireFits(page);
        if (!parts.isEmpty()) {
          rank.requireEqual(
              operation, "KV heads of a page", parts.get(0).kvHeads(), part.kvHeads());
        }
        parts.add(part);
        remaining -= part.tokens();
      }
      before += slots;
    }
    if (remaining > 0) {
      throw rank.error(
          operation,
          "a view of %d tokens from slot %d on has pages for %d"
              .formatted(view.length(), view.first(), view.length() - remaining));
    }
    return parts;
  }

  private <T extends Tensor> void requireFits(KvPage<T> page) {
    rank.requireOwn(operation, page.keys(), page.values());
    Spec keys = page.keys().spec();
    Spec values =
        page.values().spec().require(operation + " page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    int kvHeads = keys.size(Axis.KV_HEADS);
    int dim = queries.size(Axis.HEAD_DIM);
    boolean fits =
        kvHeads > 0
            && queries.size(Axis.HEADS) % kvHeads == 0
            && keys.size(Axis.HEAD_DIM) == dim
            && keys.dims().subList(0, 2).equals(values.dims().subList(0, 2));
    boolean oneTensor = page.keys() == page.values() && valueDim <= dim;
    if (!fits || !(oneTensor || values.size(Axis.HEAD_DIM) == valueDim)) {
      throw rank.error(
          operation,
          "queries %s and values of %d do not fit a cache page of keys %s and values %s"
              .formatted(queries, valueDim, keys, values));
    }
  }
}
