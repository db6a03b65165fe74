/**
 * Judges a dumped decode step stage by stage, each dumped number against its own bound. Start with
 * {@link dev.helix.runtime.sharded.stages.Judge}, of which each stage has an implementation, and
 * {@link dev.helix.runtime.sharded.tally.Tally}, which is what a comparison leaves behind.
 */
package dev.helix.runtime.sharded.stages;
