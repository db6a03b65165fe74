package dev.helix.attention.bounds;

import dev.helix.attention.baseline.CachedToken;

/**
 * The numbers that the baseline computes for the cache from one token, with the bounds of another
 * program's.
 *
 * @param numbers the numbers that the baseline computes
 * @param bounds for each number, how far rounding alone can put another program from it
 */
public record CachedTokenBound(CachedToken numbers, CachedToken bounds) {}
