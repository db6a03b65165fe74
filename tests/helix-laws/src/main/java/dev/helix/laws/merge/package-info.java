/**
 * The laws of the merge: start with {@link dev.helix.laws.merge.MergeLaws}, the contract that a
 * test class inherits, and {@link dev.helix.laws.merge.MergeUnderTest}, the adapter that it asks
 * for. {@link dev.helix.attention.convention.Convention} says what an adapter declares, {@link
 * dev.helix.laws.merge.cases.HardCase} which inputs the generators weigh in.
 *
 * <p>Expected values have 50 digits, in {@link dev.helix.laws.reference.MergeReference}, and bounds
 * a derivation, in {@link dev.helix.attention.bounds.MergeBound}; {@code OrderChecks}, {@code
 * EmptyChecks}, {@code TokenChecks}, {@code LseChecks} and {@code ValueChecks} have each law once,
 * for jqwik, the command line and the programs of package {@code foreign} alike.
 */
package dev.helix.laws.merge;
