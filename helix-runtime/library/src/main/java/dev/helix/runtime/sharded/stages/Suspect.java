package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.tally.Tally;
import java.util.function.Function;

/**
 * A known fault, applied to the reference.
 *
 * @param name what the fault does, in a few words
 * @param tried compares the dumped elements of some ranks and tokens with what a program that has
 *     the fault would have computed
 */
public record Suspect(String name, Function<Scope, Tally> tried) {}
