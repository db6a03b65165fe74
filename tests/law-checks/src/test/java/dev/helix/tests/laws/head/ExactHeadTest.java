package dev.helix.tests.laws.head;

import dev.helix.laws.head.HeadLaws;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.laws.readings.BuiltInHeads;

/** The head of the exact reading on ranks, and the greedy choice. */
class ExactHeadTest implements HeadLaws {
  @Override
  public HeadUnderTest head() {
    return BuiltInHeads.exact();
  }
}
