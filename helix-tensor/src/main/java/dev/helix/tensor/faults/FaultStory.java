package dev.helix.tensor.faults;

/**
 * The story of a fault, for tables and reports.
 *
 * @param name a short name in words, as tables and the command line show it
 * @param seenIn issues in which it was reported, {@code owner/repository#number}, separated by
 *     commas
 * @param wentWrong what the program did
 * @param whyMissed why usual tests do not see it
 */
public record FaultStory(String name, String seenIn, String wentWrong, String whyMissed) {}
