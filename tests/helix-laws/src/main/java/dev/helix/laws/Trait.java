package dev.helix.laws;

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
  public static final Trait ANY = new Trait(Integer.MAX_VALUE, "of no kind that can be told");
}
