/**
 * The ways in which systems represent the partial states that they exchange, and what they promise
 * about them: number formats, protocol of roundings, base of the logarithm, log-sum-exps or (max,
 * sum) pairs, marks and contents of parts without tokens, layout of the arrays. Start with {@link
 * dev.helix.attention.convention.Convention}, and with {@link
 * dev.helix.attention.convention.NamedConventions}, which has those of serving systems.
 */
package dev.helix.attention.convention;
