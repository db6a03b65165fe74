/**
 * The head of each reading under the laws of the head: {@link
 * dev.helix.tests.laws.head.Fp64HeadTest} is a typical one, and {@link
 * dev.helix.tests.laws.head.WordsAloneHeadTest} returns no logits.
 */
package dev.helix.tests.laws.head;
