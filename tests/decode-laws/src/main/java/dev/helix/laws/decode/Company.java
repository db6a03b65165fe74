package dev.helix.laws.decode;

/** Other tokens that are decoded together with those of a case, and must not change them. */
enum Company {
  NONE(false, false, ""),
  /** Drafts in the case's own steps, which are taken back when a step is over. */
  DRAFTS(true, false, " beside drafts"),
  /** Requests with the same numbers have ended before. They had drafts too. */
  FORMER_REQUESTS(false, true, " after former requests"),
  /**
   * Both of these, so that drafts are also taken back from a request whose number had some before.
   */
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

  /** Words that follow "the ranks' output" in a message. */
  String words() {
    return words;
  }
}
