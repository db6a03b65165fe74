package dev.helix.tensor.mesh;

import dev.helix.tensor.InvalidInputException;
import java.util.function.Supplier;

/**
 * Thrown if widths make more ranks than {@link Layout#MAX_RANKS}. A program that knows a narrower
 * limit, as that of a machine, names it in place of this one.
 */
public final class TooManyRanksException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  private final String widths;

  private TooManyRanksException(String widths) {
    super("%s must be at most %d ranks".formatted(widths, Layout.MAX_RANKS));
    this.widths = widths;
  }

  /**
   * Refuses a number of ranks that is too large.
   *
   * @param widths the widths whose product it is, in words
   * @throws TooManyRanksException if there are more than {@link Layout#MAX_RANKS}
   */
  public static void require(long ranks, Supplier<String> widths) {
    if (ranks > Layout.MAX_RANKS) {
      throw new TooManyRanksException(widths.get());
    }
  }

  /** The widths whose product is too large, in words. */
  public String widths() {
    return widths;
  }
}
