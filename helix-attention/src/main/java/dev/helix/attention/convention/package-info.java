/**
 * How partial states are written down by the systems that exchange them, as values: {@link
 * dev.helix.attention.convention.LogBase} is the base of their log-sum-exps.
 */
package dev.helix.attention.convention;
