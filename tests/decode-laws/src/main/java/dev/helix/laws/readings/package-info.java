/**
 * This project's own merges and partial attention, each reading's, as adapters that the laws are
 * held against: {@link dev.helix.laws.readings.BuiltInMerges} and {@link
 * dev.helix.laws.readings.BuiltInAttention}. The laws themselves know no reading.
 */
package dev.helix.laws.readings;
