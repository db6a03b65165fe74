package dev.helix.runtime.cli.laws;

import java.util.List;

/**
 * What {@code helix museum} writes with {@code --json}.
 *
 * @param seed of the cases
 * @param cases of each law
 * @param outcomes one for each faulty variant and law
 */
record MuseumReport(long seed, int cases, List<LawsReport.Outcome> outcomes) {}
