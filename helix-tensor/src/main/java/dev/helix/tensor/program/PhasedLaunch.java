package dev.helix.tensor.program;

/** A kind of launch that belongs to the same phase wherever a program has it. */
public interface PhasedLaunch extends LaunchKind {
  /** The phase that the launch belongs to. */
  Phase phase();
}
