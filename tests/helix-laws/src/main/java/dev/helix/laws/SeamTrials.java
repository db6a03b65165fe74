package dev.helix.laws;

import java.util.List;
import java.util.Map;

/**
 * The laws of one seam, held against one implementation: which cases there are, and how a law is
 * tried on one.
 *
 * @param <C> a case: the input of a law
 */
public interface SeamTrials<C> {
  /**
   * The cases of a seed: every hard case, random ones, and then what a seam tries on top of them,
   * such as edges of tiles, or a cover of combinations.
   *
   * @param count without what comes on top; the hard cases are not left out if it is smaller than
   *     their number
   */
  List<C> cases(long seed, int count);

  /** One law on one case, not checked yet. */
  Trial trial(Law law, C given);

  /** Simpler cases of the same kind, the greatest simplification first. */
  List<C> simpler(C given);

  /** A case in words that two cases have only if all their numbers are the same. */
  default String inFull(C given) {
    return given.toString();
  }

  /** Whether the implementation returns what a law is about. */
  default boolean applies(Law law) {
    return true;
  }

  /** Whether the law is tried on a case of {@link #cases}. */
  default boolean applies(Law law, C given) {
    return true;
  }

  /** How long each axis of a case is, by its name, in the plural; the axes always in one order. */
  default Map<String, Integer> sizes(C given) {
    return Map.of();
  }

  /** Whether a case is so long that its answers are judged one by one only if it breaks a law. */
  default boolean isLong(C given) {
    return false;
  }
}
