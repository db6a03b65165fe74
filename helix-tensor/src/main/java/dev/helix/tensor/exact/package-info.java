/**
 * The {@code exact} reading, which gives the same bits for every layout. Start with {@link
 * dev.helix.tensor.exact.ExactSums}, the accumulator, and {@link
 * dev.helix.tensor.exact.ExactKernels}. The package {@code definition} says what is computed.
 *
 * <h2>Why</h2>
 *
 * One layout adds doubles one after the other, and another layout adds them in groups, because it
 * splits the work differently:
 *
 * <pre>
 * (1 + 2⁻⁵³) + 2⁻⁵³ = 1             each half ulp is a tie, and goes to even
 * 1 + (2⁻⁵³ + 2⁻⁵³) = 1 + 2⁻⁵²      together they are a whole ulp
 * </pre>
 *
 * <p>As an exact sum, 1 is digit 1 at place 0 (units of 2⁰), 2⁻⁵³ is 2²⁷ at place −2 (units of
 * 2⁻⁸⁰). The three add to 1 at place 0 and 2²⁸ at place −2 in whatever order and on whatever ranks,
 * and round once, to 1 + 2⁻⁵².
 *
 * <h2>The contract</h2>
 *
 * <ul>
 *   <li>A sum that a layout can split is exact until all its terms have arrived, and is then
 *       rounded once, to nearest even. Such sums are {@code partialLinear} with the all-reduce, and
 *       attention. Their products are exact too, with all 106 bits. Unfinished sums cross the wire
 *       as their digits. A sum that is a term of another ({@code partialAllReduce}, over the ranks
 *       of one group of experts) is not rounded; the operation that completes the larger sum rounds
 *       it, once.
 *   <li>A sum that no layout splits is a chain of fused multiply-adds from +0.0, by rising index.
 *   <li>Elementary functions are those of {@link StrictMath}. No row of a batch sees another.
 *   <li>Zero: an exact sum that is 0 is +0.0, whatever the signs of its terms; one that is not 0
 *       but rounds to 0 keeps its sign. The rest is IEEE 754: x + y of two −0.0 is −0.0.
 *   <li>Range: doubles that are finite; terms of exact sums between 2^−1048560 and 2^1048560. NaN,
 *       infinities, and results that no finite double can hold are an {@link
 *       dev.helix.tensor.exact.ExactRangeException} that names the operation.
 * </ul>
 *
 * <p>Sums are exact, and not merely independent of order, as they would be with bins that drop what
 * is far below the greatest term. So cancellation costs nothing, the error needs no analysis beyond
 * one rounding, and the definition fits in a line.
 *
 * <h2>How, and what else was tried</h2>
 *
 * The table gives the nanoseconds to add one exact product p·v of two 53-bit numbers, for 64
 * components over 1,024 tokens with weights between 2⁻⁹ and 1. It was measured on one thread of an
 * EPYC with AVX-512 and JDK 17, as the least CPU time of 400 runs ({@code
 * ExactAccumulationBenchmark} in {@code tests}):
 *
 * <pre>
 * pre-rounded bins of 40 bits, emptied into digits      0.88   in the product
 * error-free slices, four by four of 20 bits            3.20   and a range of 80 bits only
 * superaccumulator, digit by digit                     18.1    7.5 when written for one place
 * fused multiply-add, each rounded, for comparison      0.19
 * </pre>
 *
 * <p>The bins of Demmel and Nguyen drop what is below the last of them. Here the range of a row of
 * values is known before its products are made, so four bins are chosen that hold it all. Rows that
 * are too wide go to digits. The choice shows in no bit.
 *
 * <p>Weights that are stored in few bits need no bins: a column of the embedded models' BF16
 * weights consists of integers of 16 to 27 bits times a power of two, and a factor cut into four
 * integers of 20 bits multiplies them without rounding ({@code SlicedProducts}). Multiplying one
 * row with a weight {@code [128, 384]} takes 0.55 ns a product, and 1.7 with bins (least CPU time
 * of 2,500 runs of {@code ExactProjectionBenchmark}).
 *
 * <p>Decoding 64 tokens on one rank, loading included, took 1.6 to 1.8 times the CPU time of the
 * {@code fp64} reading, {@code recall-gqa} and {@code recall-mla} alike. These are the least of 12
 * and of 6 interleaved groups of six runs, twice, on a machine that was busy with other work.
 * {@code DecodeBenchmark} measures the same by the clock.
 *
 * <h2>Memory</h2>
 *
 * Sums take 8 bytes for each sum and each place of 40 bits that its vector has touched. Values of
 * one model touch about 6 places; 2⁻³⁰⁰⁰ beside 1 adds 5 more. Bins add at most 16 doubles for each
 * sum while a kernel runs. Nothing grows with the number of terms.
 */
package dev.helix.tensor.exact;
