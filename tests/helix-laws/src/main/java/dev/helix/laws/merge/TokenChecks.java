package dev.helix.laws.merge;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Empties;
import dev.helix.laws.merge.cases.NeedleStates;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MergeReference;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The laws that the merge is the attention of all tokens, whichever shard a token is on. */
final class TokenChecks {
  private TokenChecks() {}

  /**
   * The case's shards are the tokens: each a shard of its own, then dealt to fewer shards, some of
   * which get none.
   */
  static void partition(MergeTrial t) {
    Stack dealt = dealt(t.stack(), t.choices());
    Supplier<Answer> finest = t.merge(t.stack());
    Supplier<Answer> got = t.merge(dealt);
    for (int row = 0; row < dealt.rows(); row++) {
      MergeReference whole = t.stack().reference(row);
      Claims.against(
          t, "a shard for each token gives something else", whole, whole, row, 1, finest.get());
      MergeReference parts = dealt.reference(row);
      Claims.against(
          t, "the parts do not give the attention of all tokens", whole, parts, row, 1, got.get());
    }
  }

  /** Merges the shards' states of a million tokens or more, whose attention has a closed form. */
  static void needle(MergeTrial t) {
    NeedleStates needle = NeedleStates.of(t.given());
    Supplier<Answer> got = t.merge(withTokens(t.stack()));
    Claims.against(
        t,
        needle.tokens() + ": not its closed form",
        needle.attention(t.convention()),
        t.stack().reference(0),
        0,
        1,
        got.get());
  }

  /** The shards that have tokens of the one row, where others are never given. */
  private static Stack withTokens(Stack stack) {
    Contract contract = stack.convention().contract();
    return contract.empties().occurrence() == Empties.Occurrence.NEVER
        ? stack.select(
            IntStream.range(0, stack.shards()).filter(shard -> stack.living(shard, 0)).toArray())
        : stack;
  }

  static void permutation(MergeTrial t) {
    SplittableRandom random = t.choices();
    Stack one = dealt(t.stack(), random);
    Stack other = dealt(t.stack().select(OrderChecks.shuffled(random, t.stack().shards())), random);
    Supplier<Answer> first = t.merge(one);
    Supplier<Answer> second = t.merge(other);
    for (int row = 0; row < one.rows(); row++) {
      Claims.related(
          t,
          "the same tokens dealt in another order give something else",
          one.reference(row),
          other.reference(row),
          row,
          first.get(),
          second.get(),
          BigDecimal.ZERO);
    }
  }

  /** The tokens dealt at random to shards, each shard's state in 50 digits, rounded to the grid. */
  private static Stack dealt(Stack tokens, SplittableRandom random) {
    int parts = 1 + random.nextInt(Math.min(8, tokens.shards() + 2));
    int[] owners = random.ints(tokens.shards(), 0, parts).toArray();
    if (tokens.convention().contract().empties().occurrence() == Empties.Occurrence.NEVER) {
      parts = Math.min(parts, tokens.shards());
      for (int token = 0; token < owners.length; token++) {
        owners[token] = token < parts ? token : owners[token] % parts;
      }
    }
    double[] outputs = new double[parts * tokens.rows() * tokens.dim()];
    double[] lses = new double[parts * tokens.rows()];
    for (int part = 0; part < parts; part++) {
      int owner = part;
      int[] own = IntStream.range(0, tokens.shards()).filter(s -> owners[s] == owner).toArray();
      Stack share = tokens.select(own);
      for (int row = 0; row < tokens.rows(); row++) {
        MergeReference state = share.reference(row);
        int at = part * tokens.rows() + row;
        lses[at] = state.lseInBase();
        for (int i = 0; i < tokens.dim(); i++) {
          outputs[at * tokens.dim() + i] = state.isEmpty() ? Double.NaN : state.nearestOutput(i);
        }
      }
    }
    return Stack.of(
        tokens.convention(),
        new int[] {parts, tokens.tokens(), tokens.heads(), tokens.dim()},
        outputs,
        lses);
  }
}
