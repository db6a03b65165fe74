package dev.helix.tests.laws.head;

import dev.helix.laws.head.HeadLaws;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.laws.readings.BuiltInHeads;

/** The head of the scalar readings on ranks, and the greedy choice. */
class ScalarHeadTest implements HeadLaws {
  @Override
  public HeadUnderTest head() {
    return BuiltInHeads.scalar();
  }
}
