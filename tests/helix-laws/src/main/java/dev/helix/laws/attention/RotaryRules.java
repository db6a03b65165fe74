package dev.helix.laws.attention;

import dev.helix.laws.rotary.RotaryRule;
import dev.helix.laws.rotary.RotaryRule.Pairing;
import dev.helix.laws.rotary.RotaryScaling;
import dev.helix.laws.rotary.RotaryScaling.Linear;
import dev.helix.laws.rotary.RotaryScaling.Llama3;
import dev.helix.laws.rotary.RotaryScaling.None;
import dev.helix.laws.rotary.RotaryScaling.Ramp;
import dev.helix.laws.rotary.RotaryScaling.Yarn;
import dev.helix.laws.tokens.TokenOwners;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rotary rules that are drawn. Those with scaling stretch a context of 64 tokens eightfold.
 * Requests of some 20 tokens are enough to see that, because of the four frequencies some stay,
 * some are divided, and one is between.
 */
@SuppressWarnings("ImmutableEnumChecker") // Sets that nobody changes, and records.
enum RotaryRules {
  PLAIN(EnumSet.noneOf(AttentionFeature.class), new None()),
  NEIGHBOURS(EnumSet.of(AttentionFeature.ROTARY_NEIGHBOURS), new None()),
  PARTIAL(EnumSet.of(AttentionFeature.PARTIAL_ROTARY), new None()),
  LINEAR(EnumSet.of(AttentionFeature.LINEAR_SCALING), new Linear(8)),
  LLAMA3(EnumSet.of(AttentionFeature.LLAMA3_SCALING), new Llama3(8, 1, 4, 64)),
  YARN_WITHOUT_ALL_DIM(EnumSet.of(AttentionFeature.YARN), yarn(true, 1, 0)),
  YARN_EQUAL(EnumSet.of(AttentionFeature.YARN), yarn(true, 0.75, 0.75)),
  YARN_ABOVE(EnumSet.of(AttentionFeature.YARN), yarn(true, 1, 0.5)),
  YARN_BELOW(EnumSet.of(AttentionFeature.YARN), yarn(true, 0.5, 1)),
  YARN_NEIGHBOURS(
      EnumSet.of(AttentionFeature.YARN, AttentionFeature.ROTARY_NEIGHBOURS), yarn(true, 1, 0.5)),
  YARN_PARTIAL(
      EnumSet.of(AttentionFeature.YARN, AttentionFeature.PARTIAL_ROTARY), yarn(true, 1, 0.5)),
  YARN_NOT_TRUNCATED(
      EnumSet.of(AttentionFeature.YARN, AttentionFeature.YARN_WITHOUT_TRUNCATION),
      yarn(false, 1, 0));

  private static final int TURNING = 8;

  private final Set<AttentionFeature> needed;
  private final RotaryScaling scaling;

  RotaryRules(Set<AttentionFeature> needed, RotaryScaling scaling) {
    this.needed = needed;
    this.scaling = scaling;
  }

  private static Yarn yarn(boolean truncated, double mscale, double mscaleAllDim) {
    return new Yarn(8, 64, new Ramp(4, 1, truncated), mscale, mscaleAllDim);
  }

  /** The rules that an implementation with these features knows. */
  static List<RotaryRules> of(Set<AttentionFeature> features) {
    return features.contains(AttentionFeature.ROTARY)
        ? Arrays.stream(values()).filter(rule -> features.containsAll(rule.needed)).toList()
        : List.of();
  }

  /**
   * Draws a request of one head and two query tokens, whose tokens are dealt in runs to two shards.
   */
  AttentionDraft draw(AttentionDrawing of) {
    boolean partial = needed.contains(AttentionFeature.PARTIAL_ROTARY);
    boolean neighbours = needed.contains(AttentionFeature.ROTARY_NEIGHBOURS);
    int dim = partial ? TURNING + of.from(1, 4) : TURNING;
    TokenOwners owners = TokenOwners.inRuns(2, of.oneOf(1, 4), of.from(20, 24));
    AttentionDraft draft = of.drawn(2, new int[] {1, 1}, dim, dim, owners, 2);
    RotaryRule rule =
        new RotaryRule(
            of.oneOf(100, 150), TURNING, neighbours ? Pairing.NEIGHBOURS : Pairing.HALVES, scaling);
    draft.rotary = Optional.of(rule);
    return draft;
  }
}
