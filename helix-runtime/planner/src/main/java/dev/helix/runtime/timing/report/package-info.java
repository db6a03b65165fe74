/**
 * Reports of the timing model as tables, JSON and Chrome trace events. Start with {@link
 * dev.helix.runtime.timing.report.StepTime}, which is the time of a step, and {@link
 * dev.helix.runtime.timing.report.TimeReport}, which is the same as JSON.
 */
package dev.helix.runtime.timing.report;
