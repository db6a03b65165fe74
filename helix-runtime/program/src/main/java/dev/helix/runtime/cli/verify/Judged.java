package dev.helix.runtime.cli.verify;

import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.verdict.StepVerdict;

/**
 * A step of a dump with its verdict.
 *
 * @param dumped the step
 * @param verdict what was found
 */
record Judged(DumpedStep dumped, StepVerdict verdict) {}
