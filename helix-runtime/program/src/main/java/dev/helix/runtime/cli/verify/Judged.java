package dev.helix.runtime.cli.verify;

import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.Optional;

/**
 * A step of a dump with its verdict.
 *
 * @param dumped the step
 * @param verdict what was found
 * @param suspected what would be wrong if kernels added up in splits
 */
record Judged(DumpedStep dumped, StepVerdict verdict, Optional<StepVerdict> suspected) {}
