package dev.helix.laws.cache;

/**
 * What a cache under test is made for. How tokens are placed on ranks is its own affair; round
 * robin in these runs makes these pages suffice.
 *
 * @param ranks N, the ranks that keep parts of one cache
 * @param runLength consecutive tokens of one rank
 * @param pageSlots slots of a page
 * @param pages pages of a rank that all requests together need at their most: no more, so that a
 *     pool of just so many uses them again
 */
public record CacheForm(int ranks, int runLength, int pageSlots, int pages) {}
