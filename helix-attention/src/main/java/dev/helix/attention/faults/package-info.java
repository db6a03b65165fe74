/**
 * Faults of attention that serving systems have shipped, as values. An {@link
 * dev.helix.attention.faults.AttentionFault} takes a {@link dev.helix.attention.faults.HealthyRank}
 * and makes that rank's faulty kernels, or the faulty placement that it assumes, in any reading
 * whose tensors hold numbers. Start with these two.
 *
 * <p>The faults themselves are in five packages, by where they go wrong: {@code merge} (the merge
 * by log-sum-exp), {@code kernel} (attention over one rank's tokens), {@code rotary} (by which
 * angles queries and keys turn), {@code cache} (lengths, pages, positions and placement) and {@code
 * quantized} (scales and bits of a quantised cache).
 */
package dev.helix.attention.faults;
