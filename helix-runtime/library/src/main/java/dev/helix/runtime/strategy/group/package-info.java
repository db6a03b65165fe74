/**
 * A model on one group of ranks that all work on the same rows. {@link
 * dev.helix.runtime.strategy.group.GroupPlan} says how they divide heads, tokens, columns and
 * experts among them; {@link dev.helix.runtime.strategy.group.GroupPartLoader} makes one rank's
 * parts, and the loaders beside it alone know which rows and columns of which weight a rank has.
 * Strategies are assemblies of such groups: Helix is one group of all ranks.
 */
package dev.helix.runtime.strategy.group;
