package dev.helix.laws.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Makes simpler cases from an {@link AttentionCase}, the greatest simplification first. */
final class SimplerAttention {
  private static final int MOST_SINGLY = 4;
  private static final int MOST_NUMBERS = 16;

  private final AttentionCase given;
  private final List<AttentionCase> simpler = new ArrayList<>();

  SimplerAttention(AttentionCase given) {
    this.given = given;
  }

  /** A needle has none: it needs a token of each kind. */
  List<AttentionCase> cases() {
    if (given.hard().contains(AttentionHardCase.NEEDLE)) {
      return List.of();
    }
    given.owners().simpler().forEach(fewer -> with(draft -> draft.owners = fewer));
    fewer(given.context(), 0, this::keepContext);
    fewer(given.tokens(), 1, this::keepTokens);
    fewer(given.kvHeads(), 1, this::keepKvHeads);
    fewer(given.heads() / given.kvHeads(), 1, this::keepOfGroup);
    narrower();
    plainer();
    rounder(given.queries(), (draft, numbers) -> draft.queries = numbers);
    rounder(given.keys(), (draft, numbers) -> draft.keys = numbers);
    if (!given.valuesInKeys()) {
      rounder(given.values(), (draft, numbers) -> draft.values = numbers);
    }
    rounder(given.sinks(), (draft, numbers) -> draft.sinks = numbers);
    rounder(given.alibiSlopes(), (draft, numbers) -> draft.slopes = numbers);
    return simpler;
  }

  private void with(Consumer<AttentionDraft> change) {
    AttentionDraft draft = new AttentionDraft(given);
    change.accept(draft);
    simpler.add(draft.done());
  }

  /** Halves of an axis, all of it but one, one of it alone. */
  private static void fewer(int count, int least, Consumer<int[]> keep) {
    if (count <= least) {
      return;
    }
    if (least == 0) {
      keep.accept(new int[0]);
    }
    if (count > 2) {
      keep.accept(IntStream.range(0, count / 2).toArray());
      keep.accept(IntStream.range(count / 2, count).toArray());
    }
    for (int at = 0; at < Math.min(count, MOST_SINGLY) && count > 1; at++) {
      keep.accept(new int[] {at});
    }
    for (int at = 0; at < Math.min(count, 2 * MOST_SINGLY) && count > 2; at++) {
      int dropped = count - 1 - at;
      keep.accept(IntStream.range(0, count).filter(i -> i != dropped).toArray());
    }
  }

  /** A query keeps the tokens before it that are kept. */
  private void keepContext(int[] some) {
    int last = given.context() - 1;
    with(
        draft -> {
          draft.owners = given.owners().kept(some);
          draft.keys = ofContext(given.keys(), given.keyDim(), some);
          draft.values = ofContext(given.values(), given.valueDim(), some);
          draft.queryPositions =
              Arrays.stream(given.queryPositions())
                  .map(
                      query -> {
                        int before = (int) Arrays.stream(some).filter(j -> j <= query).count();
                        return Math.max(0, before - 1 + Math.max(0, query - last));
                      })
                  .toArray();
        });
  }

  private double[] ofContext(double[] all, int dim, int[] some) {
    return kept(all, 1, given.context(), given.kvHeads() * dim, some);
  }

  private void keepTokens(int[] some) {
    with(
        draft -> {
          draft.tokens = some.length;
          draft.queries =
              kept(given.queries(), 1, given.tokens(), draft.heads * draft.keyDim, some);
          draft.queryPositions = IntStream.of(some).map(t -> given.queryPositions()[t]).toArray();
        });
  }

  private void keepKvHeads(int[] some) {
    int group = given.heads() / given.kvHeads();
    int[] heads =
        Arrays.stream(some)
            .flatMap(head -> IntStream.range(head * group, (head + 1) * group))
            .toArray();
    with(
        draft -> {
          int context = given.context();
          draft.kvHeads = some.length;
          draft.keys = kept(given.keys(), context, given.kvHeads(), draft.keyDim, some);
          draft.values = kept(given.values(), context, given.kvHeads(), draft.valueDim, some);
          keepHeads(draft, heads);
        });
  }

  private void keepOfGroup(int[] some) {
    int group = given.heads() / given.kvHeads();
    int[] heads =
        IntStream.range(0, given.kvHeads())
            .flatMap(head -> Arrays.stream(some).map(i -> head * group + i))
            .toArray();
    with(draft -> keepHeads(draft, heads));
  }

  private void keepHeads(AttentionDraft draft, int[] heads) {
    draft.heads = heads.length;
    draft.queries = kept(given.queries(), given.tokens(), given.heads(), draft.keyDim, heads);
    draft.sinks = ofHeads(given.sinks(), heads);
    draft.slopes = ofHeads(given.alibiSlopes(), heads);
  }

  private static double[] ofHeads(double[] all, int[] heads) {
    return all.length == 0 ? all : Arrays.stream(heads).mapToDouble(head -> all[head]).toArray();
  }

  private void narrower() {
    if (given.rotary().isPresent()) {
      return;
    }
    boolean equalWidths = !given.features().contains(AttentionFeature.VALUE_WIDTH);
    fewer(
        given.keyDim(),
        1,
        some -> {
          if (equalWidths && !given.valuesInKeys()) {
            with(draft -> keepValueDims(keepKeyDims(draft, some), some));
            return;
          }
          int narrow = (int) Arrays.stream(some).filter(i -> i < given.valueDim()).count();
          if (!given.valuesInKeys()) {
            with(draft -> keepKeyDims(draft, some));
          } else if (narrow > 0) {
            with(draft -> keepKeyDims(draft, some).valueDim = narrow);
          }
        });
    if (equalWidths) {
      return;
    }
    fewer(
        given.valueDim(),
        1,
        some -> {
          if (!given.valuesInKeys()) {
            with(draft -> keepValueDims(draft, some));
          } else if (some[some.length - 1] == some.length - 1) {
            with(draft -> draft.valueDim = some.length);
          }
        });
  }

  private AttentionDraft keepKeyDims(AttentionDraft draft, int[] some) {
    int dim = given.keyDim();
    draft.keyDim = some.length;
    draft.queries = kept(given.queries(), given.tokens() * given.heads(), dim, 1, some);
    draft.keys = kept(given.keys(), given.context() * given.kvHeads(), dim, 1, some);
    return draft;
  }

  private void keepValueDims(AttentionDraft draft, int[] some) {
    int rows = given.context() * given.kvHeads();
    draft.valueDim = some.length;
    draft.values = kept(given.values(), rows, given.valueDim(), 1, some);
  }

  /** One feature less. */
  private void plainer() {
    plainer(AttentionCase::softCap, 0.0, draft -> draft.softCap = 0);
    plainer(AttentionCase::window, 0, draft -> draft.window = 0);
    plainer(AttentionCase::offset, 0, draft -> draft.offset = 0);
    plainer(AttentionCase::rotary, Optional.empty(), draft -> draft.rotary = Optional.empty());
    plainer(given -> given.sinks().length, 0, draft -> draft.sinks = new double[0]);
    plainer(given -> given.alibiSlopes().length, 0, draft -> draft.slopes = new double[0]);
    plainer(AttentionCase::keyScale, 1.0, draft -> draft.keyScale = 1);
    plainer(AttentionCase::valueScale, 1.0, draft -> draft.valueScale = 1);
    plainer(AttentionCase::scale, 1.0, draft -> draft.scale = 1);
    plainer(AttentionCase::padding, 0, draft -> draft.padding = 0);
    plainer(given -> given.padding() < 2, true, draft -> draft.padding = 1);
  }

  private void plainer(
      Function<AttentionCase, Object> part, Object plain, Consumer<AttentionDraft> change) {
    if (!part.apply(given).equals(plain)) {
      with(change);
    }
  }

  private void rounder(double[] numbers, BiConsumer<AttentionDraft, double[]> set) {
    IntStream.range(0, numbers.length)
        .filter(i -> numbers[i] != 0 && numbers[i] != 1)
        .limit(MOST_NUMBERS)
        .forEach(
            i -> {
              replaced(numbers, i, 0, set);
              replaced(numbers, i, 1, set);
              if (numbers[i] != Math.rint(numbers[i])) {
                replaced(numbers, i, Math.rint(numbers[i]), set);
              }
            });
  }

  private void replaced(
      double[] numbers, int index, double by, BiConsumer<AttentionDraft, double[]> set) {
    double[] changed = numbers.clone();
    changed[index] = by;
    with(draft -> set.accept(draft, changed));
  }

  /** Keeps some indices of the middle axis of {@code [outer, count, inner]}. */
  private static double[] kept(double[] all, int outer, int count, int inner, int[] some) {
    double[] fewer = new double[outer * some.length * inner];
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < some.length; j++) {
        System.arraycopy(
            all, (i * count + some[j]) * inner, fewer, (i * some.length + j) * inner, inner);
      }
    }
    return fewer;
  }
}
