/**
 * The inputs of the laws of the merge, independent of any implementation's format: start with
 * {@link dev.helix.laws.merge.cases.HardCase}, which inputs the generators weigh in, and {@link
 * dev.helix.laws.merge.cases.MergeCases}, the generators.
 */
package dev.helix.laws.merge.cases;
