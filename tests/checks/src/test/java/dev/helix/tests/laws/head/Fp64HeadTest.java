package dev.helix.tests.laws.head;

import dev.helix.laws.head.HeadLaws;
import dev.helix.laws.head.HeadUnderTest;
import dev.helix.laws.readings.BuiltInHeads;

/** The head of the fp64 reading on ranks, and the greedy choice. */
class Fp64HeadTest implements HeadLaws {
  @Override
  public HeadUnderTest head() {
    return BuiltInHeads.fp64();
  }
}
