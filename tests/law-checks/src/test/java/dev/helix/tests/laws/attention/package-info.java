/**
 * The attention of each reading under the laws of attention: {@code Fp64AttentionTest} is a typical
 * one. {@code AttentionHardCaseCoverageTest} counts which hard cases the generators reach.
 */
package dev.helix.tests.laws.attention;
