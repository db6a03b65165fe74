package dev.helix.laws.merge;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamLaws;
import dev.helix.laws.UnderTest;
import java.util.function.Function;

/** The one adapter that a user writes around a merge of partial attention. */
public interface MergeUnderTest extends UnderTest {
  @Override
  default Seam seam() {
    return Seam.MERGE;
  }

  /** How its arrays are to be read, and how exact it means to be. */
  Convention convention();

  /** Merges the stack's shards, one or more. */
  Partial merge(PartialStack stack);

  @Override
  default SeamLaws<MergeCase> laws() {
    return new MergeSeamLaws(Subject.of(this));
  }

  /** An adapter that is one function. */
  static MergeUnderTest of(Convention convention, Function<PartialStack, Partial> merge) {
    return new MergeUnderTest() {
      @Override
      public Convention convention() {
        return convention;
      }

      @Override
      public Partial merge(PartialStack stack) {
        return merge.apply(stack);
      }
    };
  }
}
