/**
 * The laws of the head, which is split over the vocabulary and turns hidden states into logits and
 * a chosen word. Start with {@link dev.helix.laws.head.HeadLaws}, the contract that a test class
 * inherits, and {@link dev.helix.laws.head.HeadUnderTest}, the adapter that it asks for.
 */
package dev.helix.laws.head;
