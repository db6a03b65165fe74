package dev.helix.attention.convention;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The log-sum-exps that mean "no tokens".
 *
 * @param given the marks that parts without tokens are given with, each of them somewhere; NaN may
 *     be one
 * @param read all log-sum-exps that may be taken for "no tokens", among them those given
 * @param returned the marks that an answer may have for a row without tokens
 * @param byLength whether a part without tokens is told by a length of 0. Its log-sum-exp may then
 *     be any of those given, even one that a part with tokens could have
 */
public record Marks(
    List<Double> given, List<Double> read, List<Double> returned, boolean byLength) {
  private static final double LEAST = 1e6;

  /**
   * Adds the given marks to those that may be read.
   *
   * @throws InvalidInputException if there is no mark, or if one could be the log-sum-exp of a part
   *     with tokens
   */
  public Marks {
    if (given.isEmpty() || returned.isEmpty()) {
      throw new InvalidInputException(
          "marks of a part without tokens: expected at least one that is given and one that is"
              + " returned");
    }
    if (!byLength) {
      given.forEach(Marks::requireNoLse);
      read.forEach(Marks::requireNoLse);
    }
    List<Double> all = new ArrayList<>(given);
    read.stream().filter(mark -> !all.contains(mark)).forEach(all::add);
    given = List.copyOf(given);
    read = List.copyOf(all);
    returned = List.copyOf(returned);
  }

  /** The one mark of a convention that gives and returns the same one. */
  public static Marks of(double mark) {
    return new Marks(List.of(mark), List.of(), List.of(mark), false);
  }

  /** These marks where NaN and +∞ may be taken for "no tokens" too. */
  public Marks readingAlso(Double... others) {
    return new Marks(given, Arrays.asList(others), returned, byLength);
  }

  /** These marks with other ones in answers. */
  public Marks returning(Double... others) {
    return new Marks(given, read, Arrays.asList(others), byLength);
  }

  /**
   * The marks of a convention that tells by a length whether a part has tokens, and leaves anything
   * in its log-sum-exp.
   */
  public static Marks byLength(Double... left) {
    List<Double> none = List.of(Double.NEGATIVE_INFINITY);
    return new Marks(Arrays.asList(left), List.of(), none, true);
  }

  /** The mark that is given to the part of this number, if it has no tokens. */
  public double given(int part) {
    return given.get(part % given.size());
  }

  /** Whether an answer with this log-sum-exp says that a row has no tokens. */
  public boolean isReturned(double lse) {
    return returned.contains(lse);
  }

  /** Whether a given log-sum-exp may be taken for "no tokens". */
  public boolean mayBeRead(double lse) {
    return read.contains(lse);
  }

  /** These marks as numbers of a format. */
  Marks rounded(DType format) {
    return new Marks(
        rounded(given, format), rounded(read, format), rounded(returned, format), byLength);
  }

  private static List<Double> rounded(List<Double> marks, DType format) {
    return marks.stream().map(mark -> Double.isNaN(mark) ? mark : format.round(mark)).toList();
  }

  private static void requireNoLse(double mark) {
    if (Math.abs(mark) < LEAST) {
      throw new InvalidInputException(
          "mark of a part without tokens: expected an infinity or at least 1e6 in magnitude, which"
              + " no LSE is, got "
              + mark);
    }
  }
}
