package dev.helix.attention.convention;

/**
 * What a convention says about parts without tokens.
 *
 * @param occurrence whether there are any
 * @param given what the output of a part without tokens may hold
 * @param answered what the merged output of a row without any tokens may hold
 */
public record Empties(Occurrence occurrence, Content given, Content answered) {
  /** Where parts without tokens occur. */
  public enum Occurrence {
    /** Anywhere, even in all shards at once. */
    ANYWHERE,
    /** At most in all shards but one of a row. */
    NOT_IN_ALL_SHARDS,
    /** Nowhere: such a part is never given to the merge. */
    NEVER
  }

  /** What may stand in memory that belongs to no token. */
  public enum Content {
    /** Zero. */
    ZERO,
    /** Any finite number. */
    FINITE,
    /** Anything, NaN and infinity too. */
    ANYTHING
  }

  /** Parts without tokens may be anywhere and hold anything, and a row without tokens becomes 0. */
  public static final Empties ANYWHERE =
      new Empties(Occurrence.ANYWHERE, Content.ANYTHING, Content.ZERO);

  /** Each part has tokens. */
  public static final Empties NEVER = new Empties(Occurrence.NEVER, Content.ZERO, Content.ZERO);

  /** The same where the output of a part without tokens holds this. */
  public Empties holding(Content content) {
    return new Empties(occurrence, content, answered);
  }

  /** The same where the merged output of a row without tokens may hold this. */
  public Empties answering(Content content) {
    return new Empties(occurrence, given, content);
  }

  /** The same where parts without tokens occur elsewhere. */
  public Empties occurring(Occurrence other) {
    return new Empties(other, given, answered);
  }

  /** The same where at least one shard has tokens of each row. */
  public Empties notInAllShards() {
    return new Empties(Occurrence.NOT_IN_ALL_SHARDS, given, answered);
  }
}
