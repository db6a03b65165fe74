package dev.helix.runtime.cli.laws;

import java.util.List;

/**
 * The report that {@code helix museum --json} writes.
 *
 * @param seed the seed of the cases
 * @param cases number of cases of each law
 * @param outcomes one for each faulty variant and law
 */
record MuseumReport(long seed, int cases, List<LawsReport.Outcome> outcomes) {}
