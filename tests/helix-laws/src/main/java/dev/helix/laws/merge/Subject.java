package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.LawViolation;
import java.util.function.Supplier;

/**
 * An implementation as the bodies of laws see it. All merges that do not depend on each other are
 * asked for before the first answer is looked at: an implementation in another process then answers
 * them together.
 */
public interface Subject {
  Declaration declaration();

  default Convention convention() {
    return declaration().convention();
  }

  /**
   * Asks for a merge; the answer may not be known before it is looked at. If it is not known then,
   * it throws {@link Unanswered}, and the law is tried again later.
   */
  Supplier<Answer> merge(Stack stack);

  /** An answer was looked at that is not there yet: this leaves a law's body. */
  final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

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
