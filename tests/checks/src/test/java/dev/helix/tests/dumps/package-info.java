/**
 * Dumps of this project's own runs, written in the conventions of serving systems and judged. Start
 * with {@link dev.helix.tests.dumps.DumpedRun}, which decodes, dumps and judges, and {@link
 * dev.helix.tests.dumps.RightDumpsTest}, which finds nothing wrong with right runs.
 */
package dev.helix.tests.dumps;
