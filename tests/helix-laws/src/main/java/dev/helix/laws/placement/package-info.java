/**
 * The laws of placement, which says which shard of the KV cache keeps which token. Start with
 * {@link dev.helix.laws.placement.PlacementLaws}, the contract that a test class inherits, and
 * {@link dev.helix.laws.placement.PlacementUnderTest}, the adapter that it asks for. A {@link
 * dev.helix.laws.placement.PlacementRule} says which shard owns a token; everything else is
 * compared with what counting gives.
 */
package dev.helix.laws.placement;
