package dev.helix.tensor.faults;

/**
 * What is known of a fault.
 *
 * @param name short and in words, as tables and the command line show it
 * @param seenIn issues in which it was reported, {@code owner/repository#number}, by commas
 * @param wentWrong what the program did
 * @param whyMissed why usual tests do not see it
 */
public record FaultStory(String name, String seenIn, String wentWrong, String whyMissed) {}
