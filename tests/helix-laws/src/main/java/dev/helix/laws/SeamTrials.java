package dev.helix.laws;

import java.util.List;
import java.util.Map;

/**
 * The laws of one seam as they are held against one implementation. It knows which cases there are
 * and how a law is tried on one of them.
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

  /** Prepares the trial of one law on one case, which is not checked yet. */
  Trial trial(Law law, C given);

  /** Simpler cases of the same kind, the greatest simplification first. */
  List<C> simpler(C given);

  /**
   * Describes a case in words. Two cases have the same words only if all their numbers are the
   * same.
   */
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

  /**
   * The length of each axis of a case, by the axis's name in the plural. The order of the axes is
   * always the same.
   */
  default Map<String, Integer> sizes(C given) {
    return Map.of();
  }

  /**
   * Whether a case is long. The answers to a long case are judged one by one only if it breaks a
   * law.
   */
  default boolean isLong(C given) {
    return false;
  }

  /**
   * Says whether trials keep their questions as {@link Inquiry}s and judge each answer by itself.
   * If they do not, a broken law is judged by all that it compares.
   */
  default boolean judgesAnswers() {
    return false;
  }
}
