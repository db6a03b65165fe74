/**
 * Faults of the kernel that attends over one rank's part of the tokens: {@link
 * dev.helix.attention.faults.kernel.KernelFaults} lists them, and {@code KernelChanges} says what
 * each makes of a healthy launch. This project's kernels have no quantised cache, so a {@link
 * dev.helix.attention.faults.kernel.ScalesFault} only says which scales a faulty kernel uses.
 */
package dev.helix.attention.faults.kernel;
