/**
 * Computes what a decode step costs on a GB200 or GB300, in microseconds, from a trace of the same
 * program that the numeric readings run.
 *
 * <p>{@code machine} has the constants, {@code cost} computes the time of one operation from its
 * record, {@code schedule} puts the operations on streams, {@code memory} adds up what they need of
 * a GPU's memory, {@code validation} compares the result with published measurements, and {@code
 * report} prints. Start with {@link dev.helix.runtime.timing.cost.CostModel} and {@link
 * dev.helix.runtime.timing.schedule.Scheduler}.
 */
package dev.helix.runtime.timing;
