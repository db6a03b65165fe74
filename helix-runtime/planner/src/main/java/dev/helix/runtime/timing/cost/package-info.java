/**
 * What one operation of a trace costs on a machine. {@link dev.helix.runtime.timing.cost.CostModel}
 * is a pure function of the operation's record: name, operands, FLOPs, group. It knows no model and
 * no layout.
 */
package dev.helix.runtime.timing.cost;
