/**
 * The cost of one operation of a trace on a machine. Start with {@link
 * dev.helix.runtime.timing.cost.CostModel}, which computes it from the operation's record alone
 * (name, operands, FLOPs, group), and {@link dev.helix.runtime.timing.cost.Cost}, which is the
 * result. Nothing here knows a model or a layout.
 */
package dev.helix.runtime.timing.cost;
