package dev.helix.tensor.program;

/**
 * Declares one kind of launch: there is one constant for each operation of the vocabulary that
 * occupies a GPU's processors. Modules declare the launches that they add in an enum of their own
 * ({@link TensorLaunch} has the common ones), so that the name and the cost of a launch stand in
 * one place.
 */
public interface LaunchKind {
  /** The name of the vocabulary's method, for example {@code "flashDecode"}. */
  String operation();

  /** The family that says what bounds the time of the launch. */
  CostFamily family();
}
