package dev.helix.laws.head;

/**
 * A head's answer.
 *
 * @param logits {@code [rows, vocabulary]}, gathered and without padding; empty if they are not
 *     returned
 * @param chosen {@code [rows]}: the word of the greatest logit, of equals the lowest
 */
public record HeadAnswer(double[] logits, int[] chosen) {}
