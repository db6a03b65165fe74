package dev.helix.laws;

/** An implementation that laws can be held against. */
public interface UnderTest {
  /** The part of a sharded decode that the implementation is. */
  Seam seam();

  /** The laws of that seam, to be held against this implementation. */
  SeamTrials<?> laws();
}
