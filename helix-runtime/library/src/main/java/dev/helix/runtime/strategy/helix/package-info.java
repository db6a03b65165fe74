/**
 * Helix Parallelism as a strategy of the whole decoder. {@link
 * dev.helix.runtime.strategy.helix.HelixStrategy} is the value; {@code HelixPartLoader} and the
 * loaders beside it alone know which rows and columns of which weight a rank has. What the parts
 * compute is in {@link dev.helix.attention.helix} and {@link dev.helix.ffn.helix}.
 */
package dev.helix.runtime.strategy.helix;
