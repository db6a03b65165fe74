package dev.helix.runtime.sharded.tally;

/**
 * Where in a step an element is.
 *
 * @param rank the rank that dumped it
 * @param token index of the query token; of the request in the stage {@link Stage#OWNERSHIP}
 * @param head the query head, counted over the whole group; −1 where an element is of no head
 */
public record Place(int rank, int token, int head) {
  /** What stands for the head of an element that is of none. */
  public static final int NO_HEAD = -1;
}
