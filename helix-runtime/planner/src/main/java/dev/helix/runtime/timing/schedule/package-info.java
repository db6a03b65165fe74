/**
 * Puts operations on the streams of GPUs. Start with {@link
 * dev.helix.runtime.timing.schedule.Scheduler}, which has the rules, and {@link
 * dev.helix.runtime.timing.schedule.Schedule}, which is the result.
 */
package dev.helix.runtime.timing.schedule;
