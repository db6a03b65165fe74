/**
 * True values for the laws of the merge and of partial attention: start with {@link
 * dev.helix.laws.reference.MergeReference}, one row merged in 50 digits with the bounds of its
 * errors; {@link dev.helix.laws.reference.FiftyDigits} has the elementary functions.
 */
package dev.helix.laws.reference;
