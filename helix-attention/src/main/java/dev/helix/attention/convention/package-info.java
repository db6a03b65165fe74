/**
 * The ways in which systems represent the partial states that they exchange: number formats, base
 * of the logarithm, log-sum-exps or (max, sum) pairs, order of the axes, mark of a part without
 * tokens. Start with {@link dev.helix.attention.convention.Convention}; {@link
 * dev.helix.attention.convention.Roundings} is the part of it that error bounds depend on.
 */
package dev.helix.attention.convention;
