/**
 * The laws of routing, which makes a choice of experts and their weights of a router's logits:
 * start with {@link dev.helix.laws.routing.RoutingLaws}, the contract that a test class inherits,
 * and {@link dev.helix.laws.routing.RoutingUnderTest}, the adapter that it asks for. {@link
 * dev.helix.laws.routing.RoutingRule} says what is to be chosen.
 */
package dev.helix.laws.routing;
