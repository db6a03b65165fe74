/**
 * Finds the softmax scale of which dumped states of attention are, where the one that they were
 * judged by does not fit. Start with {@link dev.helix.runtime.sharded.scale.ScaleFit} and {@link
 * dev.helix.runtime.sharded.scale.DumpedRows}, which chooses the rows that it fits.
 */
package dev.helix.runtime.sharded.scale;
