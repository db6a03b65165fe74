/**
 * Dumps of this project's own runs, written in the conventions of serving systems and judged. Start
 * with {@link dev.helix.tests.dumps.DumpedRun}, which decodes, dumps and judges, and {@link
 * dev.helix.tests.dumps.RoundTrips}, which does so with a shipped fault.
 */
package dev.helix.tests.dumps;
