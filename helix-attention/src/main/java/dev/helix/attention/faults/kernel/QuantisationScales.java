package dev.helix.attention.faults.kernel;

/**
 * The factors by which quantised keys and values are stored too small.
 *
 * @param key by which a product of query and key is multiplied
 * @param value by which an output is multiplied
 */
public record QuantisationScales(double key, double value) {}
