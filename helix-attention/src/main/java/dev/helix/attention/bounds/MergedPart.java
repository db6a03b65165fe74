package dev.helix.attention.bounds;

/**
 * The true value of one part of a merge.
 *
 * @param weight p = exp(LSEᵢ − LSE)
 * @param gap g = LSE − LSEᵢ ≥ 0, in nats
 * @param exponentError how far an implementation's log-sum-exp of the part may be off before the
 *     merge begins, in nats; 0 where it is given
 * @param value Oᵢ, {@code [dim]}
 */
@SuppressWarnings("ArrayRecordComponent") // It is an argument of a bound, and nobody compares two.
public record MergedPart(double weight, double gap, double exponentError, double[] value) {}
