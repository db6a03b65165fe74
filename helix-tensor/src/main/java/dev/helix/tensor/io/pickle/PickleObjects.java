package dev.helix.tensor.io.pickle;

import dev.helix.tensor.InvalidInputException;
import java.util.List;

/** Says what the calls of a pickle stand for. Nothing is called. */
public interface PickleObjects {
  /**
   * The value that a call stands for. A call that is not known has to give a {@link
   * PickleValue.Opaque}.
   *
   * @throws InvalidInputException if the call is known and its arguments are not as they should be
   */
  PickleValue call(PickleValue.Global function, List<PickleValue> arguments);

  /** The value that a persistent id stands for, which the program that pickles gives a meaning. */
  PickleValue persistent(PickleValue id);
}
