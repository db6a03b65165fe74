package dev.helix.attention.fp64;

/**
 * The query heads of one row that share a KV head.
 *
 * @param row the row of the launch
 * @param kvHead the KV head
 * @param size how many query heads there are
 * @param heads how many query heads the row has in all
 */
record HeadGroup(int row, int kvHead, int size, int heads) {
  /** The first of the heads, counted through all rows. */
  long first() {
    return (long) row * heads + ofRow(0);
  }

  /** One of the heads, counted through its row. */
  int ofRow(int head) {
    return kvHead * size + head;
  }
}
