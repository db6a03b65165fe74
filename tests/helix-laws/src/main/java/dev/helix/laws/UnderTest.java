package dev.helix.laws;

/** An implementation that laws can be held against. */
public interface UnderTest {
  /** Where in a sharded decode it stands. */
  Seam seam();

  /** The laws that hold there, against this implementation. */
  SeamTrials<?> laws();
}
