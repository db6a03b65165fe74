package dev.helix.tests.stories;

import java.util.Optional;

/**
 * The texts of all stories with one fault, under the layouts of one kind of placement.
 *
 * @param runs number of stories times number of layouts
 * @param other how many of these runs gave another text than the unsharded model
 * @param stopped how many of them ended without a text, because a logit was not a number or the
 *     cache was asked for a token that it cannot have
 * @param layouts in how many layouts any text was another one, or none
 * @param example the first run with another text
 */
public record StoryTexts(int runs, int other, int stopped, int layouts, Optional<Example> example) {
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

  boolean unchanged() {
    return other == 0 && stopped == 0;
  }
}
