package dev.helix.laws.decode;

/** What is decoded beside the tokens of a case. */
enum Company {
  NONE,
  /** Drafts in the case's own steps, which are taken back when a step is over. */
  DRAFTS,
  /** Requests of the same numbers, which have ended before. */
  FORMER_REQUESTS
}
