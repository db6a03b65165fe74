package dev.helix.laws.decode;

/** What is decoded beside the tokens of a case. */
enum Company {
  NONE(false, false, ""),
  /** Drafts in the case's own steps, which are taken back when a step is over. */
  DRAFTS(true, false, " beside drafts"),
  /** Requests of the same numbers, which have ended before; they had drafts too. */
  FORMER_REQUESTS(false, true, " after former requests"),
  /** Both, so that drafts are also taken back from a number that had some before. */
  DRAFTS_AFTER_FORMER_REQUESTS(true, true, " beside drafts, after former requests");

  private final boolean drafts;
  private final boolean former;
  private final String words;

  Company(boolean drafts, boolean former, String words) {
    this.drafts = drafts;
    this.former = former;
    this.words = words;
  }

  boolean hasDrafts() {
    return drafts;
  }

  boolean hasFormerRequests() {
    return former;
  }

  /** Completes "the ranks' output". */
  String words() {
    return words;
  }
}
