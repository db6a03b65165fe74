package dev.helix.laws;

/** An implementation that laws can be held against. */
public interface UnderTest {
  /** Where in a sharded decode it stands. */
  Seam seam();

  /** The laws of that seam, to be held against this implementation. */
  SeamTrials<?> laws();
}
