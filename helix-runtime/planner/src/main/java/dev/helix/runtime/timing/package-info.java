/**
 * What a decode step costs on a GB200 or GB300: from the trace of the very program that the numeric
 * readings run to microseconds.
 *
 * <p>{@code machine} has the constants, {@code cost} turns one operation's record into time, {@code
 * schedule} lays the operations on streams, {@code validation} holds the result against published
 * measurements, {@code report} prints. Start with {@link dev.helix.runtime.timing.cost.CostModel}
 * and {@link dev.helix.runtime.timing.schedule.Scheduler}.
 */
package dev.helix.runtime.timing;
