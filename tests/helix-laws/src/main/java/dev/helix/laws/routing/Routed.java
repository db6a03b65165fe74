package dev.helix.laws.routing;

/**
 * A router's answer. The experts of a token may come in any order, their weights in the same.
 *
 * @param experts {@code [tokens, topK]}, row-major
 * @param weights {@code [tokens, topK]}
 */
public record Routed(int[] experts, double[] weights) {}
