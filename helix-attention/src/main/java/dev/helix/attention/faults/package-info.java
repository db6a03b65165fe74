/**
 * Faults of attention that serving systems have shipped, as values: {@link
 * dev.helix.attention.faults.AttentionFaults} lists them. An {@link
 * dev.helix.attention.faults.AttentionFault} makes a rank's faulty kernels and placement of its
 * healthy ones, in any reading whose tensors are numbers; a {@link
 * dev.helix.attention.faults.MergeFault} is a merge over plain arrays besides.
 */
package dev.helix.attention.faults;
