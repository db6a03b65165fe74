package dev.helix.tests.stories;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What one shipped fault does to the texts of all stories.
 *
 * @param fault which fault it is
 * @param roundRobin the texts where tokens are dealt in turns, in runs of 16 and one by one
 * @param contiguous the texts where each shard keeps one stretch of the sequence; without runs if
 *     that was not searched
 * @param verified whether the verification of a decode finds nothing, since the model has nothing
 *     that the fault could act on
 * @param laws the laws that kill the fault on every seed
 */
public record FaultOnStories(
    Shipped fault,
    StoryTexts roundRobin,
    StoryTexts contiguous,
    boolean verified,
    List<String> laws) {
  /**
   * A fault, as the table names it.
   *
   * @param name the fault's name in the museum
   * @param key the name that {@code decode --fault} takes
   * @param seenIn the issues in which it was reported
   * @param seam the part of the decode in which it acts
   * @param kv the number format of the cache, without which the fault has nothing to act on
   */
  public record Shipped(String name, String key, String seenIn, String seam, String kv) {}

  /** The same fault with what was found of contiguous parts. */
  FaultOnStories with(StoryTexts foundContiguous) {
    return new FaultOnStories(
        fault, roundRobin, foundContiguous, verified && foundContiguous.unchanged(), laws);
  }

  /** Whether every story has the text that it has without the fault, however it is placed. */
  @JsonIgnore
  public boolean isSilent() {
    return roundRobin.unchanged() && contiguous.unchanged();
  }
}
