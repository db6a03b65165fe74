/** What the timing model says, as tables, JSON and Chrome trace events. */
package dev.helix.runtime.timing.report;
