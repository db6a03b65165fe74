/**
 * The verdict on a dumped decode step: which stage is wrong, where, and which known fault explains
 * it. Start with {@link dev.helix.runtime.sharded.verdict.StepVerdict} and {@link
 * dev.helix.runtime.sharded.verdict.Explanation}.
 */
package dev.helix.runtime.sharded.verdict;
