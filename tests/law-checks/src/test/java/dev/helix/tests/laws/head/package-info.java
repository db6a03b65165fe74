/**
 * Heads under the laws of the head: {@link dev.helix.tests.laws.head.ExactHeadTest}, and {@link
 * dev.helix.tests.laws.head.WordsAloneHeadTest}, which returns no logits. Those of the other
 * readings are in {@code parts}.
 */
package dev.helix.tests.laws.head;
