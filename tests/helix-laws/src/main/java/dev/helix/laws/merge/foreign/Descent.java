package dev.helix.laws.merge.foreign;

import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.MergeCase;
import java.util.List;

/**
 * The way from a case that breaks a law to a simpler one that breaks it alike, a step at a time:
 * all simpler cases are tried together, and the first that also breaks it is the next.
 */
final class Descent {
  private final Law law;
  private final Declaration declared;
  private MergeCase simplest;
  private LawViolation violation;
  private List<Replay> candidates = List.of();
  private boolean ended;

  /** Begins at a replay that broke its law. */
  Descent(Replay broken) {
    this.law = broken.law();
    this.declared = broken.declaration();
    this.simplest = broken.given();
    this.violation = broken.outcome().flatMap(outcome -> outcome.broken()).orElseThrow();
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

  /** Of the simplest case so far. */
  LawViolation violation() {
    return violation;
  }

  boolean ended() {
    return ended;
  }

  /** The simpler cases that are not settled. */
  List<Replay> open() {
    return candidates.stream().filter(replay -> replay.outcome().isEmpty()).toList();
  }

  /** Takes a step, if all simpler cases are settled. */
  void step() {
    if (ended || !open().isEmpty()) {
      return;
    }
    for (Replay candidate : candidates) {
      LawViolation first = violation;
      boolean alike =
          candidate.outcome().flatMap(o -> o.broken()).filter(first::isLike).isPresent();
      if (alike) {
        simplest = candidate.given();
        violation = candidate.outcome().flatMap(o -> o.broken()).orElseThrow();
        next();
        return;
      }
    }
    ended = true;
  }
}
