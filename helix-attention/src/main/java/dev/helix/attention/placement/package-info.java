/** Which KVP shard keeps which token: a bijection between positions and (shard, slot). */
package dev.helix.attention.placement;
