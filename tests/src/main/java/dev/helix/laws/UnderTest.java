package dev.helix.laws;

/** An implementation that laws can be held against; which ones, its {@link Seam} says. */
public interface UnderTest {
  /** Where in a sharded decode it stands. */
  Seam seam();
}
