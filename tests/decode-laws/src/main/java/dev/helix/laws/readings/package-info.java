/**
 * This project's own parts as adapters that the laws are held against, each reading's where it has
 * one of its own: merges, partial attention, placements, caches, routers and heads. Start with
 * {@link dev.helix.laws.readings.BuiltInMerges} and {@link
 * dev.helix.laws.readings.BuiltInAttention}. The laws themselves know no reading.
 */
package dev.helix.laws.readings;
