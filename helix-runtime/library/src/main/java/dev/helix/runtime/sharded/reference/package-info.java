/**
 * The true partial states of a dumped decode step, with bounds of a kernel's errors. Start with
 * {@link dev.helix.runtime.sharded.reference.PartialReference}, and with {@link
 * dev.helix.runtime.sharded.reference.LocalReading}, of which faults change a part.
 */
package dev.helix.runtime.sharded.reference;
