/**
 * The laws of the merge: start with {@link dev.helix.laws.merge.MergeLaws}, the contract that a
 * test class inherits, and {@link dev.helix.laws.merge.MergeUnderTest}, the adapter that it asks
 * for. {@link dev.helix.attention.convention.Convention} says what an adapter declares, and {@link
 * dev.helix.laws.merge.cases.HardCase} lists the hard inputs that half of all drawn cases are.
 *
 * <p>Expected values have 50 digits and come from {@link dev.helix.laws.reference.MergeReference};
 * bounds are derived in {@link dev.helix.attention.bounds.MergeBound}. The code of each law stands
 * once, in {@code OrderChecks}, {@code EmptyChecks}, {@code TokenChecks}, {@code LseChecks} or
 * {@code ValueChecks}. It serves jqwik, the command line and the programs of package {@code
 * foreign} alike.
 */
package dev.helix.laws.merge;
