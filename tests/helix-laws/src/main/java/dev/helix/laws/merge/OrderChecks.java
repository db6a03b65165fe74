package dev.helix.laws.merge;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Empties;
import dev.helix.attention.convention.Formats;
import dev.helix.laws.Law;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MergeReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The laws that the order of merging has no effect, be it the bracketing, the sequence, or a fold
 * in place of a tree; and that one rank alone gives what it is given.
 */
final class OrderChecks {
  private static final int MOST_BRACKETED = 4;
  private static final int MOST_FOLDED = 6;

  private OrderChecks() {}

  static void associative(MergeTrial t) {
    int n = Math.min(MOST_BRACKETED, t.stack().shards());
    Stack stack = t.stack().select(some(t.choices(), t.stack().shards(), n));
    List<Supplier<Answer>> all = bracketings(t, stack, 0, n);
    Answer first = all.get(0).get();
    for (int i = 1; i < all.size(); i++) {
      Claims.same(
          t,
          "two bracketings of " + n + " shards differ",
          Law.ASSOCIATIVE,
          stack,
          n,
          first,
          all.get(i).get());
    }
  }

  /** The merges of [from, to) in every bracketing. */
  private static List<Supplier<Answer>> bracketings(MergeTrial t, Stack stack, int from, int to) {
    List<Supplier<Answer>> results = new ArrayList<>();
    if (to - from == 1) {
      Stack one = stack.select(from);
      results.add(t.merge(one));
    }
    for (int split = from + 1; split < to; split++) {
      for (Supplier<Answer> left : bracketings(t, stack, from, split)) {
        for (Supplier<Answer> right : bracketings(t, stack, split, to)) {
          results.add(t.merge(Stack.join(List.of(left.get().asStack(), right.get().asStack()))));
        }
      }
    }
    return results;
  }

  static void commutative(MergeTrial t) {
    int n = t.stack().shards();
    int[] order = shuffled(t.choices(), n);
    Supplier<Answer> forward = t.merge(t.stack());
    Supplier<Answer> backward = t.merge(t.stack().select(reversed(n)));
    Supplier<Answer> mixed = t.merge(t.stack().select(order));
    Claims.same(
        t,
        "the shards in reverse give something else",
        Law.COMMUTATIVE,
        t.stack(),
        1,
        forward.get(),
        backward.get());
    Claims.same(
        t,
        "the shards in another order give something else",
        Law.COMMUTATIVE,
        t.stack(),
        1,
        forward.get(),
        mixed.get());
  }

  static void foldAndTree(MergeTrial t) {
    Stack stack = t.stack();
    int n = stack.shards();
    int step = (n + MOST_FOLDED - 1) / MOST_FOLDED;
    Supplier<Answer> all = t.merge(stack);
    List<Supplier<Answer>> blocks = new ArrayList<>();
    for (int from = 0; from < n; from += step) {
      blocks.add(t.merge(stack.select(range(from, Math.min(n, from + step)))));
    }
    boolean seeded = t.convention().contract().empties().occurrence() != Empties.Occurrence.NEVER;
    Supplier<Answer> fold =
        seeded
            ? t.merge(Stack.join(List.of(stack.emptyShard(0), blocks.get(0).get().asStack())))
            : blocks.get(0);
    for (Supplier<Answer> block : blocks.subList(1, blocks.size())) {
      fold = t.merge(Stack.join(List.of(fold.get().asStack(), block.get().asStack())));
    }
    List<Supplier<Answer>> level = blocks;
    while (level.size() > 1) {
      List<Supplier<Answer>> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        next.add(
            i + 1 == level.size()
                ? level.get(i)
                : t.merge(
                    Stack.join(
                        List.of(level.get(i).get().asStack(), level.get(i + 1).get().asStack()))));
      }
      level = next;
    }
    int depth = blocks.size() + 2;
    Claims.same(
        t,
        "the fold from ∅ is not the merge of n",
        Law.FOLD_AND_TREE,
        stack,
        depth,
        all.get(),
        fold.get());
    Claims.same(
        t,
        "the tree is not the merge of n",
        Law.FOLD_AND_TREE,
        stack,
        depth,
        all.get(),
        level.get(0).get());
  }

  /**
   * Demands that one rank is the identity: bit for bit, up to the sign of zero, where that is
   * declared, and within the bound otherwise. A merge that computes in another base, or that takes
   * off another reference than the maximum, rounds a part that is alone like any other. The bound
   * also holds where (max, sum) pairs are given, because the log-sum-exp has to be computed and the
   * output divided by a sum; and where an answer has another format or base than a part. Rows that
   * bypass the merge have to be the last part's, as they are.
   */
  static void oneRank(MergeTrial t) {
    Contract contract = t.convention().contract();
    if (contract.values().bypasses()) {
      bypass(t);
    }
    if (contract.leastShards() > 1) {
      return;
    }
    Stack x = t.stack().select(t.choices().nextInt(t.stack().shards()));
    Answer got = t.merge(x).get();
    Formats formats = t.convention().formats();
    boolean changes =
        t.convention().pairs()
            || formats.partial() != formats.answer()
            || t.convention().weights().answered() != t.convention().base();
    if (changes || !t.declaration().inBits().contains(Law.ONE_RANK)) {
      Claims.is(t, "the merge of one shard is not that shard", x, 1, got);
      return;
    }
    for (int row = 0; row < x.rows(); row++) {
      MergeReference reference = x.reference(row);
      Claims.empty(t, row, reference, got);
      for (int i = 0; i < x.dim() && !reference.isEmpty(); i++) {
        t.output(
            "the merge of one shard is not that shard bit for bit",
            row,
            i,
            x.output(0, row, i),
            got.output(row, i),
            0);
      }
      if (!reference.isEmpty()) {
        t.lse(
            "the merge of one shard is not that shard bit for bit",
            row,
            x.lse(0, row),
            got.lse(row),
            0);
      }
    }
  }

  /** Merges two parts, of which the rows behind some tokens are to be the second's. */
  private static void bypass(MergeTrial t) {
    Stack one = t.stack().select(t.choices().nextInt(t.stack().shards()));
    Stack parts = Stack.join(List.of(t.stack().select(t.stack().shards() - 1), one));
    int merged = t.choices().nextInt(t.stack().tokens() + 1);
    Answer got = t.merge(parts.mergedTo(merged)).get();
    for (int row = 0; row < one.rows(); row++) {
      boolean copied = row / one.heads() >= merged;
      MergeReference reference = copied ? one.reference(row) : parts.reference(row);
      if (!copied) {
        Claims.empty(t, row, reference, got);
      }
      String claim = copied ? "a row behind the merged ones is not the last part's" : "not merged";
      for (int i = 0; i < one.dim() && !reference.isEmpty(); i++) {
        double expected = reference.nearestOutput(i);
        double bound = copied ? 0 : reference.outputBound(i, 1) + Math.ulp(expected);
        t.output(claim, row, i, expected, got.output(row, i), bound);
      }
      if (!reference.isEmpty()) {
        double expected = copied ? one.lse(0, row) : reference.lseInBase();
        double bound = copied ? 0 : reference.lseBound(1) + Math.ulp(expected);
        t.lse(claim, row, expected, got.lse(row), bound);
      }
    }
  }

  /** Draws some of the shards, in any order. */
  static int[] some(SplittableRandom random, int of, int count) {
    return Arrays.copyOf(shuffled(random, of), count);
  }

  /** Draws an order of all shards. */
  static int[] shuffled(SplittableRandom random, int count) {
    int[] order = range(0, count);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  private static int[] reversed(int count) {
    return IntStream.range(0, count).map(i -> count - 1 - i).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
