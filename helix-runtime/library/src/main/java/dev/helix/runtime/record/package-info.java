/**
 * The record of a run. Start with {@link dev.helix.runtime.record.RunRecord}, which has the steps
 * and tokens and, as far as asked for, the numbers and the routing at every tap point and what each
 * rank held inside of attention. A {@link dev.helix.runtime.record.StepTap} observes them while
 * they are computed. With {@code RankAgreement} the ranks compare their copies over the
 * communicator.
 */
package dev.helix.runtime.record;
