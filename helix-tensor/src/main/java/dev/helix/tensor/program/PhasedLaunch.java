package dev.helix.tensor.program;

/** A launch that belongs to one phase wherever a program has it. */
public interface PhasedLaunch extends LaunchKind {
  /** The phase that it belongs to. */
  Phase phase();
}
