package dev.helix.laws.kept;

import dev.helix.laws.Law;
import dev.helix.laws.Origin;
import dev.helix.laws.SeamTrials;
import dev.helix.tensor.InvalidInputException;

/**
 * A case that broke a law.
 *
 * @param implementation name of the implementation that broke the law
 * @param law the law that was broken
 * @param drawn says how the case is drawn again
 * @param input the case, as {@link SeamTrials#inFull} says it
 * @param violation what broke the law, in a sentence
 */
public record KeptCase(
    String implementation, Law law, Drawn drawn, String input, String violation) {
  /**
   * Says which of the drawn cases it is.
   *
   * @param seed seed of the run
   * @param count number of cases of the run
   * @param origin index of the case among them, and how it was made simpler
   */
  public record Drawn(long seed, int count, Origin origin) {
    /** Finds the case itself among the cases that the laws draw. */
    public <C> C from(SeamTrials<C> laws) {
      return origin.find(laws, laws.cases(seed, count));
    }
  }

  /**
   * Draws the case again.
   *
   * @param file named in the message
   * @throws InvalidInputException if these laws draw another case than the kept one
   */
  public <C> C again(SeamTrials<C> laws, String file) {
    try {
      C given = drawn.from(laws);
      if (laws.inFull(given).equals(input)) {
        return given;
      }
    } catch (IndexOutOfBoundsException e) {
      // Said below: there are fewer cases, or fewer simpler ones.
    }
    throw new InvalidInputException(
        "%s: expected case %s of seed %d to be the one that was kept, got another: the laws, or what"
                .formatted(file, drawn.origin, drawn.seed)
            + " the implementation declares, are of another version");
  }
}
