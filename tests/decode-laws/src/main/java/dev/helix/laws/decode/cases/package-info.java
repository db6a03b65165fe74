/**
 * The inputs of the laws of the decode: what is laid out on which ranks, and which tokens they are
 * given step by step. Start with {@link dev.helix.laws.decode.cases.DecodeHardCase}, which lists
 * the hard cases that half of all drawn ones are, and {@link
 * dev.helix.laws.decode.cases.DecodeCases}, which draws them. {@code DecodeCover} combines every
 * two choices, and {@link dev.helix.laws.decode.cases.SimplerDecodes} makes a failing case smaller.
 */
package dev.helix.laws.decode.cases;
