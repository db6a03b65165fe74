/**
 * Runs a decode: the plan of a run ({@link dev.helix.runtime.decode.DecodePlan}), the loop that
 * every rank runs, the choice of the tokens of each step, and the result. Start with {@link
 * dev.helix.runtime.decode.DecodeRun}, which starts the loop on all ranks, then read {@code
 * RankDecode}, which is the program of each rank.
 */
package dev.helix.runtime.decode;
