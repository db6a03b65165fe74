package dev.helix.tests.stories;

import java.util.List;
import java.util.Optional;

/**
 * What one shipped fault does to the texts of all stories.
 *
 * @param name the fault's name in the museum
 * @param key the name that {@code decode --fault} takes
 * @param seenIn the issues in which it was reported
 * @param seam the part of the decode in which it acts
 * @param kv the number format of the cache, without which the fault has nothing to act on
 * @param runs number of stories times number of layouts
 * @param otherTexts how many of these runs gave another text than the unsharded model
 * @param stopped how many of them ended without a text, because a logit was not a number
 * @param layouts in how many layouts any text was another one, or none
 * @param verified whether the verification of a decode finds nothing, since the model has nothing
 *     that the fault could act on
 * @param laws the laws that kill the fault on every seed
 * @param example the first run with another text
 */
public record FaultOnStories(
    String name,
    String key,
    String seenIn,
    String seam,
    String kv,
    int runs,
    int otherTexts,
    int stopped,
    int layouts,
    boolean verified,
    List<String> laws,
    Optional<Example> example) {
  /**
   * A run whose text is another one.
   *
   * @param story the text of the story
   * @param layout the layout, as options of {@code decode}
   * @param newToken index of the first new token that differs
   * @param expected what the unsharded model says there
   * @param said what the faulty run says
   */
  public record Example(String story, String layout, int newToken, String expected, String said) {}

  /** Whether every story has the text that it has without the fault. */
  boolean silent() {
    return otherTexts == 0 && stopped == 0;
  }
}
