/**
 * Parts of this project under the laws of their seams: {@link
 * dev.helix.tests.laws.parts.EveryPartKeepsItsLawsTest} has all of them but merges, kernels and
 * decodes, whose contracts stand in packages of their own.
 */
package dev.helix.tests.laws.parts;
