/**
 * What a run leaves behind: a {@link dev.helix.runtime.record.RunRecord} of its steps and tokens,
 * and as far as asked the numbers and the routing at every tap point and what each rank held inside
 * of attention. A {@link dev.helix.runtime.record.StepTap} sees them while they are computed; by
 * {@code RankAgreement} the ranks compare their copies over the communicator.
 */
package dev.helix.runtime.record;
