/**
 * Faults of the kernel that attends over one rank's tokens. Start with {@link
 * dev.helix.attention.faults.kernel.KernelFaults}, which lists them, and {@code KernelChanges},
 * which has what each of them makes of a healthy launch. This project's kernels have no quantised
 * cache, so a {@link dev.helix.attention.faults.kernel.ScalesFault} only says which scales a faulty
 * kernel uses.
 */
package dev.helix.attention.faults.kernel;
