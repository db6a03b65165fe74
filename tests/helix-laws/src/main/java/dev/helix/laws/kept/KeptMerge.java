package dev.helix.laws.kept;

import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.MergeCase;

/**
 * What a file keeps of a case of the merge, so that it can be run again without drawing it.
 *
 * @param declared by the implementation that broke the law
 * @param given the case
 */
public record KeptMerge(Declaration declared, MergeCase given) {}
