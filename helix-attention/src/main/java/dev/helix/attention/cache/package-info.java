/**
 * One rank's part of the KV cache, in pages. Start with {@link dev.helix.attention.cache.KvShard},
 * which decides what is kept and what a query may see, and {@link
 * dev.helix.attention.cache.VisibleSlots}, with which kernels find the slots to read. Kernels only
 * read and write the pages ({@link dev.helix.attention.KvPage}) that they are given.
 */
package dev.helix.attention.cache;
