/**
 * The laws of placement, which says what shard of the KV cache keeps which token: start with {@link
 * dev.helix.laws.placement.PlacementLaws}, the contract that a test class inherits, and {@link
 * dev.helix.laws.placement.PlacementUnderTest}, the adapter that it asks for. A {@link
 * dev.helix.laws.placement.PlacementRule} says who owns a token; all else is held against counting.
 */
package dev.helix.laws.placement;
