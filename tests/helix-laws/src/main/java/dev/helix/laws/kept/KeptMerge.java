package dev.helix.laws.kept;

import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.MergeCase;

/**
 * The part of a kept file that lets a case of the merge be run again without drawing it.
 *
 * @param declared what the implementation that broke the law declared
 * @param given the case
 */
public record KeptMerge(Declaration declared, MergeCase given) {}
