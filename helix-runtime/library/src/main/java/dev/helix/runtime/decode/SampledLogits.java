package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;

/**
 * The logits that a token was chosen from.
 *
 * @param query the row that they belong to
 * @param values {@code [vocabulary]}
 */
@SuppressWarnings("ArrayRecordComponent") // They are read and never compared.
record SampledLogits(QueryToken query, double[] values) {}
