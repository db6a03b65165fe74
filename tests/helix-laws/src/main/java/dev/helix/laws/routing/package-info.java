/**
 * The laws of routing, which turns a router's logits into a choice of experts and their weights.
 * Start with {@link dev.helix.laws.routing.RoutingLaws}, the contract that a test class inherits,
 * and {@link dev.helix.laws.routing.RoutingUnderTest}, the adapter that it asks for. {@link
 * dev.helix.laws.routing.RoutingRule} says which experts have to be chosen.
 */
package dev.helix.laws.routing;
