package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import java.util.function.Function;

/** The one adapter that a user writes around a merge of partial attention. */
public interface MergeUnderTest extends UnderTest {
  @Override
  default Seam seam() {
    return Seam.MERGE;
  }

  /** Says how the arrays of the merge are to be read, and how exactly it computes. */
  Convention convention();

  /**
   * The declaration of the merge, which may add the sizes that it takes and the laws that it keeps
   * bit for bit.
   */
  default Declaration declaration() {
    return Declaration.of(convention());
  }

  /** Merges the stack's shards, one or more. */
  Partial merge(PartialStack stack);

  @Override
  default SeamTrials<MergeCase> laws() {
    return new MergeTrials(Subject.of(this));
  }

  /** An adapter made of one function. */
  static MergeUnderTest of(Convention convention, Function<PartialStack, Partial> merge) {
    return of(Declaration.of(convention), merge);
  }

  /** An adapter made of one function, which declares more than its convention. */
  static MergeUnderTest of(Declaration declaration, Function<PartialStack, Partial> merge) {
    return new MergeUnderTest() {
      @Override
      public Convention convention() {
        return declaration.convention();
      }

      @Override
      public Declaration declaration() {
        return declaration;
      }

      @Override
      public Partial merge(PartialStack stack) {
        return merge.apply(stack);
      }
    };
  }
}
