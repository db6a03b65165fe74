/**
 * Cases with correctly rounded answers and a bound for each element, for checks that run without
 * Java: {@link dev.helix.laws.golden.GoldenMerge} and {@link
 * dev.helix.laws.golden.GoldenAttention}.
 */
package dev.helix.laws.golden;
