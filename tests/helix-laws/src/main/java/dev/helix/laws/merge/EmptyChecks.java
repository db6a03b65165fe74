package dev.helix.laws.merge;

import dev.helix.attention.convention.Empties;
import dev.helix.laws.merge.states.Stack;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A shard without tokens has no effect, whatever its memory holds. */
final class EmptyChecks {
  private static final double[] POISON = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e38
  };

  private EmptyChecks() {}

  static void identity(MergeTrial t) {
    SplittableRandom random = t.choices();
    Stack x = t.stack().select(random.nextInt(t.stack().shards()));
    Stack none = x.emptyShard(POISON[random.nextInt(POISON.length)]);
    Supplier<Answer> right = t.merge(Stack.join(List.of(x, none)));
    Supplier<Answer> left = t.merge(Stack.join(List.of(none, x)));
    Supplier<Answer> many = t.merge(Stack.join(List.of(none, none, x, none)));
    Supplier<Answer> nothing = t.merge(Stack.join(List.of(none, none)));
    Claims.is(t, "x ⊕ ∅ is not x", x, 1, right.get());
    Claims.is(t, "∅ ⊕ x is not x", x, 1, left.get());
    Claims.is(t, "∅ ⊕ ∅ ⊕ x ⊕ ∅ is not x", x, 1, many.get());
    Claims.is(t, "∅ ⊕ ∅ is not ∅", none, 1, nothing.get());
  }

  static void ownership(MergeTrial t) {
    Stack stack = t.stack();
    double[] clean = stack.outputs();
    double[] poisoned = stack.outputs();
    SplittableRandom random = t.choices();
    for (int i = 0; i < clean.length; i++) {
      int at = i / stack.dim();
      if (!stack.living(at / stack.rows(), at % stack.rows())) {
        clean[i] = 0;
        poisoned[i] = POISON[random.nextInt(POISON.length)];
      }
    }
    Supplier<Answer> expected = t.merge(stack.withOutputs(clean));
    Supplier<Answer> got = t.merge(stack.withOutputs(poisoned));
    boolean zero = t.convention().contract().empties().answered() == Empties.Content.ZERO;
    boolean[] unsaid = zero ? new boolean[stack.rows()] : stack.emptyRows();
    t.demand(
        expected.get().without(stack, unsaid).sameBits(got.get().without(stack, unsaid)),
        () -> "NaN, infinity or 1e38 in place of 0 in a shard without tokens changed the result");
  }
}
