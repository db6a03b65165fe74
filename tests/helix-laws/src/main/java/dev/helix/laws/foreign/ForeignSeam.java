package dev.helix.laws.foreign;

import dev.helix.laws.LawViolation;
import dev.helix.laws.SeamTrials;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a seam gives so that a program in any language can be held against its laws: how questions
 * become a file, and how answers are read from one.
 *
 * @param <C> a case: the input of a law
 * @param <Q> a question to the program; equal questions are asked once
 * @param <A> an answer
 */
public interface ForeignSeam<C, Q, A> {
  /**
   * The laws of the seam.
   *
   * @param program asks the program; the answer may throw {@link dev.helix.laws.Unanswered}
   */
  SeamTrials<C> laws(Function<Q, Supplier<A>> program);

  /**
   * Adds questions to a file: the tensors of question N have names that begin with {@code "N."}.
   */
  void add(List<Q> questions, SafetensorsWriter writer);

  /**
   * Reads the answer to a question.
   *
   * @param number index of the question in its file
   * @throws LawViolation if the answer does not have the form that the question asks for
   */
  A read(SafetensorsFile answers, int number, Q question);

  /**
   * An answer of the right form, whatever its numbers, for a seam whose laws ask the same questions
   * whatever the answers are. The questions of a law are then found in advance. Empty if questions
   * are made of answers.
   */
  Optional<A> anyAnswer(Q question);

  /** Number of numbers of a question, by which files are kept from growing too large. */
  long size(Q question);
}
