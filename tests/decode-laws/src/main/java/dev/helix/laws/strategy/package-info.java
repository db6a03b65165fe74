/**
 * The laws of whole decodes under any strategy. {@link dev.helix.laws.strategy.StrategyVariant} is
 * this project's own decode of a small random model with a part replaced: {@link
 * dev.helix.laws.strategy.StrategyUnderTest} in double precision, where laws hold within derived
 * bounds, {@link dev.helix.laws.strategy.ExactStrategyUnderTest} in the exact reading, where they
 * hold to the bit. Start with {@code StrategyTrial}, which says what must hold, and {@code
 * StrategyHardCase}, which says of what above all.
 */
package dev.helix.laws.strategy;
