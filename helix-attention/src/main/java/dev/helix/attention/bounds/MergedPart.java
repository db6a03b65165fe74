package dev.helix.attention.bounds;

/**
 * One part of a merge, as its true value has it.
 *
 * @param weight p = exp(LSEᵢ − LSE)
 * @param gap g = LSE − LSEᵢ ≥ 0, in nats
 * @param exponentError how far an implementation may be off in the part's log-sum-exp before the
 *     merge begins, in nats; 0 where it is given
 * @param value Oᵢ, {@code [dim]}
 */
@SuppressWarnings("ArrayRecordComponent") // An argument of a bound, compared by nobody.
public record MergedPart(double weight, double gap, double exponentError, double[] value) {}
