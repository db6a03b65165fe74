package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;

/**
 * The logits that a token was chosen from.
 *
 * @param query the row that they are of
 * @param values {@code [vocabulary]}
 */
@SuppressWarnings("ArrayRecordComponent") // Numbers that are read, never compared.
record SampledLogits(QueryToken query, double[] values) {}
