/**
 * The laws of the head, which makes logits and a word of hidden states, split over the vocabulary:
 * start with {@link dev.helix.laws.head.HeadLaws}, the contract that a test class inherits, and
 * {@link dev.helix.laws.head.HeadUnderTest}, the adapter that it asks for.
 */
package dev.helix.laws.head;
