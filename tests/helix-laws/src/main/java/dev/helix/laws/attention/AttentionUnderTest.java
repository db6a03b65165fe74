package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.rotary.RotaryAngles;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** An adapter around a partial attention, which computes the states that are merged later. */
public interface AttentionUnderTest extends UnderTest {
  /**
   * Says how the results are to be read. The inputs always have the axis order that is documented
   * at each of them.
   */
  Convention convention();

  /**
   * The features that the implementation has. Cases ask for no others. The default is all features
   * but those of rotation.
   */
  default Set<AttentionFeature> features() {
    return AttentionFeature.withoutRotation();
  }

  /**
   * The precision of its rotary angles, if it turns queries and keys itself. Bounds follow from it.
   * Where they are so wide that an answer without any rotation would be within them, as those of
   * single precision may be far from position 0, no law is tried on a rotary rule.
   */
  default RotaryAngles angles() {
    return RotaryAngles.IN_FORMAT;
  }

  /**
   * Computes the outputs {@code [tokens, heads, valueDim]} and LSEs {@code [tokens, heads]} of one
   * shard.
   */
  Partial attend(AttentionInput shard);

  /**
   * The same of several requests in one launch, which are alike in all but their tokens, positions
   * and numbers; an implementation that has no such launch attends to one after the other.
   */
  default List<Partial> attend(List<AttentionInput> requests) {
    return requests.stream().map(this::attend).toList();
  }

  @Override
  default Seam seam() {
    return Seam.ATTENTION;
  }

  @Override
  default SeamTrials<AttentionCase> laws() {
    return AttentionCases.trials(this);
  }

  /** An adapter made of one function, with all features but those of rotation. */
  static AttentionUnderTest of(Convention convention, Function<AttentionInput, Partial> attention) {
    return of(convention, AttentionFeature.withoutRotation(), attention);
  }

  /** An adapter made of one function, with these features. */
  static AttentionUnderTest of(
      Convention convention,
      Set<AttentionFeature> features,
      Function<AttentionInput, Partial> attention) {
    return new AttentionUnderTest() {
      @Override
      public Set<AttentionFeature> features() {
        return features;
      }

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
