package dev.helix.tensor.program;

/**
 * The declaration of a launch: one constant for each operation of the vocabulary that occupies a
 * GPU's processors. Modules declare the launches that they add in an enum of their own ({@link
 * TensorLaunch} for the common ones), so that the name and the cost of a launch stand in one place.
 */
public interface LaunchKind {
  /** The name of the vocabulary's method, {@code "flashDecode"}. */
  String operation();

  /** What bounds its time. */
  CostFamily family();
}
