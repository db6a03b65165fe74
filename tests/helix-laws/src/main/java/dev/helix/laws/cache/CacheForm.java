package dev.helix.laws.cache;

/**
 * The form of the cache that is under test. The implementation decides how it places tokens on
 * ranks. If it deals them round robin in runs of this length, this number of pages is enough.
 *
 * @param ranks number N of ranks that keep parts of one cache
 * @param runLength number of consecutive tokens that one rank keeps
 * @param pageSlots number of slots of a page
 * @param pages largest number of pages of a rank that all requests together ever need. A pool of
 *     just so many has to use pages again.
 */
public record CacheForm(int ranks, int runLength, int pageSlots, int pages) {}
