/**
 * The laws of the attention merge as a library: start with {@link dev.helix.laws.MergeLaws}, the
 * contract that a test class inherits, and {@link dev.helix.laws.MergeUnderTest}, the adapter that
 * it asks for. {@link dev.helix.laws.Convention} says what an adapter declares, {@link
 * dev.helix.laws.HardCase} which inputs the generators weigh in.
 *
 * <p>Expected values and bounds have 50 digits and a derivation, in {@code MergeReference}; {@code
 * MergeLawBodies} has each law once.
 */
package dev.helix.laws;
