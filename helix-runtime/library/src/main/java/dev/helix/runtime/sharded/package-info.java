/**
 * One decode step of one attention layer as the ranks of a KVP group have dumped it: tensors, and
 * the facts that tensors do not tell. Start with {@link dev.helix.runtime.sharded.ShardedStep} and
 * {@link dev.helix.runtime.sharded.StepFacts}.
 */
package dev.helix.runtime.sharded;
