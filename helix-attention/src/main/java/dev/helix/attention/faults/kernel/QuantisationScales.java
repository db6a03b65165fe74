package dev.helix.attention.faults.kernel;

/**
 * The factors that undo the scaling of quantised keys and values.
 *
 * @param key the factor on a product of query and key
 * @param value the factor on an output
 */
public record QuantisationScales(double key, double value) {}
