package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.merge.Partial;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** An adapter around a partial attention: the states that are merged later. */
public interface AttentionUnderTest extends UnderTest {
  /** How its results are to be read; its inputs are in the order that each is documented in. */
  Convention convention();

  /** What it can do; cases ask for nothing else. */
  default Set<AttentionFeature> features() {
    return EnumSet.allOf(AttentionFeature.class);
  }

  /** Outputs {@code [tokens, heads, valueDim]} and LSEs {@code [tokens, heads]} of one shard. */
  Partial attend(AttentionInput shard);

  @Override
  default Seam seam() {
    return Seam.ATTENTION;
  }

  @Override
  default SeamTrials<AttentionCase> laws() {
    return new AttentionTrials(this);
  }

  /** An adapter that is one function. */
  static AttentionUnderTest of(Convention convention, Function<AttentionInput, Partial> attention) {
    return new AttentionUnderTest() {
      @Override
      public Convention convention() {
        return convention;
      }

      @Override
      public Partial attend(AttentionInput shard) {
        return attention.apply(shard);
      }
    };
  }
}
