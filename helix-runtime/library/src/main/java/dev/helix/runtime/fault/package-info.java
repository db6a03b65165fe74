/**
 * A decode with a shipped fault switched on. Start with {@link
 * dev.helix.runtime.fault.SwitchableFaults}, which lists the faults that act on a decode, and
 * {@link dev.helix.runtime.fault.SwitchedOn}, which puts one of them into a run.
 */
package dev.helix.runtime.fault;
