package dev.helix.laws;

/**
 * What may be special about a row of a question, so that a fault shows in such rows alone.
 *
 * @param order by which the more telling of two traits of the same rows comes first
 * @param rows completes "rows …": {@code "of which no shard has tokens"}
 */
public record Trait(int order, String rows) {
  /** Every row has it: what it explains is not known to have one cause. */
  public static final Trait ANY = new Trait(Integer.MAX_VALUE, "of no kind that can be told");
}
