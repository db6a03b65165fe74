/**
 * A run: what is asked of it ({@link dev.helix.runtime.decode.DecodePlan}), the loop that every
 * rank runs, which tokens go into which step, and what comes of it. {@link
 * dev.helix.runtime.decode.DecodeRun} starts the loop on all ranks; start there, then read {@code
 * RankDecode}.
 */
package dev.helix.runtime.decode;
