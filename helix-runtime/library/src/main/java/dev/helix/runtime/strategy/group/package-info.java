/**
 * A model on one group of ranks that all work on the same rows. Start with {@link
 * dev.helix.runtime.strategy.group.GroupPlan}, which says how the ranks divide heads, tokens,
 * columns and experts among them, and {@link dev.helix.runtime.strategy.group.GroupPartLoader},
 * which makes one rank's parts. Only the loaders know which rows and columns of which weight a rank
 * has. Strategies are assemblies of such groups; Helix is one group of all ranks.
 */
package dev.helix.runtime.strategy.group;
