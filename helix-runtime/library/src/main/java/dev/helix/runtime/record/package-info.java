/**
 * What a run leaves behind. A {@link dev.helix.runtime.record.StepTap} sees what a rank's program
 * computes at each {@code TapPoint}; a {@link dev.helix.runtime.record.RunRecord} keeps it, for
 * comparison after the run.
 */
package dev.helix.runtime.record;
