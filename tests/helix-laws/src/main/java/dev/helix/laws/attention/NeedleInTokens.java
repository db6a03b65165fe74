package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.rotary.RotaryAngles;
import dev.helix.laws.tokens.Haystack;
import dev.helix.laws.tokens.Needle;
import dev.helix.laws.tokens.TokenOwners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A million tokens that are copies of the few tokens of a case of {@link AttentionHardCase#NEEDLE},
 * which has one token of each kind. A formula gives the number of copies of each that a query sees
 * on a shard. So the true values follow from the case and these counts.
 *
 * <p>One query token stands behind all tokens, the other in the middle, and sees the needle only if
 * that is before it.
 */
final class NeedleInTokens {
  /**
   * Scores of the kinds other than the needle. They are exact in binary, so that no score is
   * rounded.
   */
  private static final double[] SCORES = {0, 1.5, -2.25};

  private final AttentionCase kinds;
  private final Needle needle;
  private final Haystack tokens;
  private final AttentionCase all;

  NeedleInTokens(AttentionCase kinds) {
    this.kinds = kinds;
    this.needle = Needle.of(kinds.shards(), kinds.seed());
    long position = new SplittableRandom(kinds.seed()).nextLong(needle.tokens());
    this.tokens = new Haystack(needle, position);
    this.all = all();
  }

  private AttentionCase all() {
    AttentionDraft draft = new AttentionDraft(kinds);
    draft.owners = TokenOwners.of(needle);
    draft.keys = copies(kinds.keys(), kinds.kvHeads() * kinds.keyDim());
    draft.values = copies(kinds.values(), kinds.kvHeads() * kinds.valueDim());
    draft.queryPositions = queryPositions(needle.tokens());
    return draft.done();
  }

  /** The positions of the two query tokens: a few behind the middle, and the last. */
  private static int[] queryPositions(long tokens) {
    return new int[] {Math.toIntExact(tokens / 2 + 3), Math.toIntExact(tokens - 1)};
  }

  /** Gives each token the row of numbers of its kind. */
  private double[] copies(double[] ofKinds, int width) {
    double[] copies = new double[Math.multiplyExact(Math.toIntExact(needle.tokens()), width)];
    for (int at = 0; at < copies.length; at += width) {
      System.arraycopy(ofKinds, tokens.kind(at / width) * width, copies, at, width);
    }
    return copies;
  }

  void hold(AttentionTrial trial) {
    AttentionInput whole = all.whole();
    trial.know(whole, reference(trial.convention(), tokens::counts));
    List<AttentionInput> shards = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (int number = 0; number < needle.shards(); number++) {
      int shard = number;
      AttentionInput input = all.shard(shard);
      trial.know(input, reference(trial.convention(), end -> tokens.counts(shard, end)));
      shards.add(input);
      answers.add(trial.attend(input));
      trial.definition("shard %d of %s: ".formatted(shard, tokens), input, answers.get(shard));
    }
    trial.partition(answers, shards, whole);
  }

  /** Counts the tokens of each kind before a position. */
  private interface Counts {
    long[] before(long end);
  }

  private AttentionReference reference(Convention convention, Counts counts) {
    long[][] seen =
        IntStream.of(all.queryPositions())
            .mapToObj(query -> counts.before(query + 1L))
            .toArray(long[][]::new);
    return new AttentionReference(
        convention,
        RotaryAngles.IN_FORMAT,
        kinds.whole(),
        Optional.of((token, kind) -> seen[token][kind]));
  }

  /** Number of tokens on the fullest shard. */
  static int mostOfShard(AttentionCase kinds) {
    return Math.toIntExact(Needle.of(kinds.shards(), kinds.seed()).mostOfShard());
  }

  /**
   * Draws a case with one token of each kind, of which the needle is the last. Both query tokens
   * see all of them.
   */
  static AttentionCase draw(AttentionDrawing of, Needle needle) {
    TokenOwners owners = TokenOwners.inRuns(needle.shards(), 1, Haystack.KINDS);
    double heavy = Math.rint(4 * Math.log((double) needle.tokens())) / 4;
    AttentionDraft draft =
        of.scored(
            2, new int[] {1, 1}, owners, kind -> Haystack.isNeedle(kind) ? heavy : SCORES[kind]);
    draft.queryPositions = new int[] {Haystack.KINDS - 1, Haystack.KINDS - 1};
    AttentionDraft drawn = new AttentionDraft(of.done(draft, AttentionHardCase.NEEDLE));
    drawn.seed = needle.marked(drawn.seed);
    return drawn.done();
  }
}
