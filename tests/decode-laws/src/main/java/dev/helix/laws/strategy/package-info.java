/**
 * The laws of whole decodes under any strategy. {@link dev.helix.laws.strategy.StrategyVariant} is
 * this project's own decode of a small random model with parts that can be replaced: {@link
 * dev.helix.laws.strategy.StrategyUnderTest} in double precision, where laws hold within derived
 * bounds, {@link dev.helix.laws.strategy.ExactStrategyUnderTest} in the exact reading, where they
 * hold to the bit. Start with {@code StrategyTrial}, which runs the laws, and {@code
 * StrategyHardCase}, which lists the hard cases on which they are tried.
 */
package dev.helix.laws.strategy;
