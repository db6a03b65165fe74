/**
 * The merges that exist here, each under the laws of the merge: {@code Fp64MergeTest} is a typical
 * one. {@code MergeLawSensitivityTest} shows that broken merges break the laws, and {@code
 * ForeignProgramTest} that programs behind files are judged alike.
 */
package dev.helix.tests.laws.merge;
