/**
 * Decode steps out of dumps: tensors by their roles, and facts that the user gives, the dump states
 * or its numbers tell. Start with {@link dev.helix.runtime.sharded.dumped.DumpedSteps} and {@link
 * dev.helix.runtime.sharded.dumped.GivenFacts}.
 */
package dev.helix.runtime.sharded.dumped;
