package dev.helix.laws.merge.foreign;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Origin;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.MergeCase;
import java.util.List;
import java.util.Optional;

/**
 * Finds a simpler case that breaks a law in the same way, step by step. In each step all simpler
 * cases are tried together, and the first one that also breaks the law is the next case.
 */
final class Descent {
  private final Law law;
  private final Declaration declared;
  private MergeCase simplest;
  private LawViolation violation;
  private Origin origin;
  private List<Replay> candidates = List.of();
  private boolean ended;

  /**
   * Begins at a replay that broke its law.
   *
   * @param number index of the case among all cases of the run
   */
  Descent(Replay broken, int number) {
    this.law = broken.law();
    this.declared = broken.declaration();
    this.simplest = broken.given();
    this.origin = new Origin(number, List.of());
    this.violation = violation(broken).orElseThrow();
    next();
  }

  private void next() {
    candidates =
        simplest.simpler().stream().map(given -> new Replay(law, given, declared)).toList();
    ended = candidates.isEmpty();
  }

  Law law() {
    return law;
  }

  /** The violation of the simplest case so far. */
  LawViolation violation() {
    return violation.of(origin);
  }

  boolean ended() {
    return ended;
  }

  /** The trials of simpler cases that have no outcome yet. */
  List<Replay> open() {
    return candidates.stream().filter(replay -> replay.outcome().isEmpty()).toList();
  }

  /** Takes a step if the trials of all simpler cases have an outcome. */
  void step() {
    if (ended || !open().isEmpty()) {
      return;
    }
    for (int step = 0; step < candidates.size(); step++) {
      Optional<LawViolation> also = violation(candidates.get(step)).filter(violation::isLike);
      if (also.isPresent()) {
        simplest = candidates.get(step).given();
        origin = origin.then(step);
        violation = also.orElseThrow();
        next();
        return;
      }
    }
    ended = true;
  }

  private static Optional<LawViolation> violation(Replay settled) {
    return settled.outcome().flatMap(LawOutcome::broken);
  }
}
