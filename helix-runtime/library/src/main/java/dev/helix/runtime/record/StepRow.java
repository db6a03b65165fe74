package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;

/**
 * One row of a step's batch.
 *
 * @param query the request and position
 * @param token the token's id
 * @param sampled whether the next token of the request is chosen from this row's logits
 */
public record StepRow(QueryToken query, int token, boolean sampled) {}
