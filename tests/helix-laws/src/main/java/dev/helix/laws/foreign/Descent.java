package dev.helix.laws.foreign;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Origin;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds a simpler case that breaks a law in the same way, step by step. In each step all simpler
 * cases are tried together, and the first one that also breaks the law is the next case.
 */
final class Descent<C, Q, A> {
  private final Law law;
  private final Function<C, List<Replay<C, Q, A>>> simpler;
  private LawViolation violation;
  private Origin origin;
  private List<Replay<C, Q, A>> candidates;
  private boolean ended;

  /**
   * Begins at a replay that broke its law.
   *
   * @param number index of the case among all cases of the run
   * @param simpler the same law on simpler cases
   */
  Descent(Replay<C, Q, A> broken, int number, Function<C, List<Replay<C, Q, A>>> simpler) {
    this.law = broken.law();
    this.simpler = simpler;
    this.origin = new Origin(number, List.of());
    this.violation = violation(broken).orElseThrow();
    this.candidates = simpler.apply(broken.given());
    this.ended = candidates.isEmpty();
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
  List<Replay<C, Q, A>> open() {
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
        origin = origin.then(step);
        violation = also.orElseThrow();
        candidates = simpler.apply(candidates.get(step).given());
        ended = candidates.isEmpty();
        return;
      }
    }
    ended = true;
  }

  private Optional<LawViolation> violation(Replay<C, Q, A> settled) {
    return settled.outcome().flatMap(LawOutcome::broken);
  }
}
