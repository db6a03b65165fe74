/**
 * Operations on streams: {@link dev.helix.runtime.timing.schedule.Scheduler} has the rules, {@link
 * dev.helix.runtime.timing.schedule.Schedule} the result.
 */
package dev.helix.runtime.timing.schedule;
