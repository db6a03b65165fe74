/**
 * One rank's part of the KV cache, in pages. {@link dev.helix.attention.cache.KvShard} decides what
 * is kept and what a query may see; kernels only read and write the pages ({@link
 * dev.helix.attention.KvPage}) that they are given.
 */
package dev.helix.attention.cache;
