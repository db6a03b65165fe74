/**
 * The rules that say which KVP shard keeps which token of a request. Start with {@link
 * dev.helix.attention.placement.KvPlacement}, a bijection between positions and (shard, slot), and
 * {@link dev.helix.attention.placement.RoundRobinPlacement}, which is the paper's rule (arXiv
 * 2507.07120, §2.1).
 */
package dev.helix.attention.placement;
