/**
 * The tokens of a request and the shards that hold them. Start with {@link
 * dev.helix.laws.tokens.TokenOwners}, which says for each token which shard owns it, and {@link
 * dev.helix.laws.tokens.Needle}, which counts a million tokens by a formula.
 */
package dev.helix.laws.tokens;
