/**
 * The inputs of the laws of the merge, independent of any implementation's format. Start with
 * {@link dev.helix.laws.merge.cases.HardCase}, which lists the hard inputs that half of all drawn
 * cases are, and {@link dev.helix.laws.merge.cases.MergeCases}, which draws the cases.
 */
package dev.helix.laws.merge.cases;
