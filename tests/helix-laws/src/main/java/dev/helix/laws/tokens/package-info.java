/**
 * The tokens of a request and the shards that hold them: {@link dev.helix.laws.tokens.TokenOwners}
 * says of each token whose it is, {@link dev.helix.laws.tokens.Needle} counts a million of them by
 * a formula.
 */
package dev.helix.laws.tokens;
