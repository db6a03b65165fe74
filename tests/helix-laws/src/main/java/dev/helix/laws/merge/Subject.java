package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Unanswered;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.Stack;
import java.util.function.Supplier;

/**
 * An implementation as the code of the laws sees it. A law asks for all merges that do not depend
 * on each other before it looks at the first answer, so that an implementation in another process
 * can answer them together.
 */
public interface Subject {
  Declaration declaration();

  default Convention convention() {
    return declaration().convention();
  }

  /**
   * Asks for a merge. The answer need not be known before {@code get} is called. If it is not known
   * then, {@code get} throws {@link Unanswered}, and the law is tried again later.
   */
  Supplier<Answer> merge(Stack stack);

  /** An implementation in this JVM. */
  static Subject of(MergeUnderTest adapter) {
    return new Subject() {
      @Override
      public Declaration declaration() {
        return adapter.declaration();
      }

      @Override
      public Supplier<Answer> merge(Stack stack) {
        Answer answer = Answer.read(stack, answered(adapter, stack), declaration());
        return () -> answer;
      }
    };
  }

  private static Partial answered(MergeUnderTest adapter, Stack stack) {
    try {
      Partial partial = adapter.merge(stack.declared());
      if (partial == null) {
        throw new LawViolation("the merge returned null");
      }
      return partial;
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the merge threw " + e);
    }
  }
}
