/**
 * The decode program: {@code HelixDecoder} is one step of the model on one rank, {@code RankDecode}
 * the loop that every rank runs, {@link dev.helix.runtime.decode.DecodeRun} starts it on all of
 * them. {@code DecoderLoader} and the loaders beside it alone know which slice of which weight a
 * rank holds. {@link dev.helix.runtime.decode.StepTracer} reads a step of the same program with
 * shapes only.
 */
package dev.helix.runtime.decode;
