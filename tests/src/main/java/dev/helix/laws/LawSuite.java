package dev.helix.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Runs laws outside a test engine, over the cases of a seed. */
public final class LawSuite {
  private static final int MOST_SIMPLER = 400;

  private LawSuite() {}

  /**
   * The cases of a seed: every hard case once, then random ones.
   *
   * @param count in all, at least as many as there are hard cases
   */
  public static List<MergeCase> cases(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<MergeCase> cases = new ArrayList<>();
    for (HardCase hard : HardCase.values()) {
      cases.add(hard.make(random));
    }
    while (cases.size() < count) {
      cases.add(MergeCases.next(random));
    }
    return List.copyOf(cases);
  }

  /**
   * Runs one law on the cases of a seed, until one fails; that one is then simplified.
   *
   * @throws IllegalArgumentException if the law holds at another seam
   */
  public static LawOutcome run(Law law, UnderTest subject, long seed, int count) {
    if (law.seam() != subject.seam()) {
      throw new IllegalArgumentException(
          "law %s holds at %s, not at %s".formatted(law, law.seam(), subject.seam()));
    }
    return switch (law.seam()) {
      case MERGE -> run(law, (MergeUnderTest) subject, cases(seed, count));
      case ATTENTION -> AttentionLawBodies.run(law, (AttentionUnderTest) subject, seed, count);
      case DECODE -> DecodeLawBodies.run(law, (DecodeUnderTest) subject, seed, count);
    };
  }

  /** Runs one law over cases until one fails; that one is then simplified. */
  public static LawOutcome run(Law law, MergeUnderTest adapter, List<MergeCase> cases) {
    Subject subject = Subject.of(adapter);
    double worst = 0;
    int merges = 0;
    int comparisons = 0;
    for (int i = 0; i < cases.size(); i++) {
      Trial trial = new Trial(law, subject, cases.get(i));
      Optional<LawViolation> violation = violation(law, trial);
      merges += trial.merges();
      comparisons += trial.comparisons();
      if (violation.isPresent()) {
        LawViolation simplest = simplified(law, subject, cases.get(i), violation.get());
        boolean refused = simplest instanceof LawViolation.Refusal;
        return new LawOutcome(
            law, i + 1, merges, comparisons, worst, Optional.of(named(law, simplest)), refused);
      }
      worst = Math.max(worst, trial.worstShare());
    }
    return new LawOutcome(law, cases.size(), merges, comparisons, worst, Optional.empty())
        .concluded(adapter.convention());
  }

  /**
   * Checks one law on one case.
   *
   * @throws LawViolation if it does not hold
   */
  static void check(Law law, MergeUnderTest adapter, MergeCase given) {
    MergeLawBodies.check(law, new Trial(law, Subject.of(adapter), given));
  }

  /**
   * Checks one law of partial attention on the case of a seed.
   *
   * @throws LawViolation if it does not hold
   */
  static void check(Law law, AttentionUnderTest adapter, long seed) {
    LawOutcome outcome = AttentionLawBodies.run(law, adapter, seed, 1);
    outcome
        .violation()
        .ifPresent(
            violation -> {
              throw new LawViolation(violation);
            });
  }

  private static Optional<LawViolation> violation(Law law, Trial trial) {
    try {
      MergeLawBodies.check(law, trial);
      return Optional.empty();
    } catch (LawViolation e) {
      return Optional.of(e);
    }
  }

  /** The message, which begins with the law also where the answer itself was no good. */
  static String named(Law law, LawViolation e) {
    String message = e.getMessage();
    return message.startsWith("law ")
        ? message
        : "law %s (%s): %s".formatted(law, law.sentence(), message);
  }

  /** What is left of a violation in the simplest case that shows one of the same kind. */
  private static LawViolation simplified(
      Law law, Subject subject, MergeCase failing, LawViolation violation) {
    MergeCase simplest = failing;
    LawViolation shown = violation;
    int tried = 0;
    boolean progress = true;
    while (progress && tried < MOST_SIMPLER) {
      progress = false;
      for (MergeCase candidate : simplest.simpler()) {
        tried++;
        Optional<LawViolation> also = violation(law, new Trial(law, subject, candidate));
        if (also.isPresent() && also.get().kind().equals(violation.kind())) {
          simplest = candidate;
          shown = also.get();
          progress = true;
          break;
        }
      }
    }
    return shown;
  }
}
