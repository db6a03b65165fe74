package dev.helix.attention.bounds;

import dev.helix.attention.baseline.CachedToken;

/**
 * What the baseline computes for the cache from one token, and how far from it another program's
 * numbers may be.
 *
 * @param numbers what the baseline computes
 * @param bounds for each number, how far rounding alone can put another program from it
 */
public record CachedTokenBound(CachedToken numbers, CachedToken bounds) {}
