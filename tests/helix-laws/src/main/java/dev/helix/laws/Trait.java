package dev.helix.laws;

import java.util.HashSet;
import java.util.Set;

/**
 * A special feature that a row of a question may have. A fault may show only in rows with such a
 * feature.
 *
 * @param order rank among traits that the same rows have: the more telling trait has the lower
 *     number
 * @param rows completes the words "rows …", as in {@code "of which no shard has tokens"}
 */
public record Trait(int order, String rows) {
  /**
   * The trait that every row has. Laws that only this trait explains are not known to have one
   * cause.
   */
  public static final Trait ANY = new Trait(Integer.MAX_VALUE, "that have no feature in common");

  /** The traits of one row, noted for each row with the same sentences in the same order. */
  public static final class Noted {
    private final Set<Trait> traits = new HashSet<>(Set.of(ANY));
    private int order;

    /** Notes whether the row has the next trait, the more telling ones first. */
    public Noted note(String rows, boolean has) {
      order++;
      if (has) {
        traits.add(new Trait(order, rows));
      }
      return this;
    }

    /**
     * Notes whether the row has the next trait, of which there is one for each of many numbers. The
     * sentence is made only for a row that has it.
     *
     * @param rows the words, with {@code #} where the number belongs
     */
    public Noted note(String rows, int number, boolean has) {
      return note(has ? rows.replace("#", Integer.toString(number)) : rows, has);
    }

    /** Returns the traits that the row has, {@link #ANY} among them. */
    public Set<Trait> all() {
      return Set.copyOf(traits);
    }
  }
}
