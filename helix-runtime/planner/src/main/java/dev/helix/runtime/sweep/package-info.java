/**
 * Times every legal configuration of every strategy on a machine and finds the best. Start with
 * {@link dev.helix.runtime.sweep.Sweep}, which has the points of a {@link
 * dev.helix.runtime.sweep.SearchSpace}, and {@link dev.helix.runtime.sweep.Frontier}, which is the
 * best of them.
 *
 * <p>A configuration takes microseconds because of two laws. A step's time is linear in equal
 * layers, so two of each kind stand for all. And in equal pieces of HOP-B the longest chain of
 * results passes to the exchange at the first piece or at the last.
 */
package dev.helix.runtime.sweep;
