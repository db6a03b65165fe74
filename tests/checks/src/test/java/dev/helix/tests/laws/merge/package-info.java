/**
 * The merges that exist here, each under the laws of the merge: {@code Fp64MergeTest} is a typical
 * one, and {@code MergeLawSensitivityTest} shows that broken merges break the laws.
 */
package dev.helix.tests.laws.merge;
