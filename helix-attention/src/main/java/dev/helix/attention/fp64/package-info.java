/**
 * The attention kernels of the {@code fp64} reading, in double precision on ND4J's memory and BLAS.
 * Start with {@link dev.helix.attention.fp64.Fp64AttentionKernels} and {@link
 * dev.helix.attention.fp64.Fp64LatentKernels}.
 *
 * <p>Scores are BLAS products through the C interface; the softmax and the merge are loops.
 * Weighted values are BLAS products too, but loops ({@code RowSums}) for 2 to 16 heads over one KV
 * head, whose product would copy all values first; and there exponentials are taken by rows ({@code
 * Exponentials}), and processors share long shards ({@code FewHeads}). The table was measured as in
 * {@link dev.helix.tensor.fp64}:
 *
 * <table>
 * <caption>One launch as it is, and as ND4J operations</caption>
 * <tr><th>operation<th>size<th>used, µs<th>ND4J, µs
 * <tr><td>softmax of a page<td>[4, 64]<td>loop 2.2<td>mul, max, sub, exp, sum 92
 * <tr><td>softmax of a page<td>[4, 1024]<td>35<td>111
 * <tr><td>softmax of a page<td>[16, 1024]<td>139<td>222
 * <tr><td>mergeByLse<td>2 shards of [1, 4, 64]<td>loop 7<td>max, sub, exp, sum, mul, sum, div 180
 * <tr><td>mergeByLse<td>8 shards of [4, 8, 128]<td>196<td>228
 * <tr><td>mergeByLse<td>8 shards of [16, 16, 512]<td>1,870<td>8,040
 * <tr><td>allocatePage<td>[1, 16, 8]<td>loop 0.1<td>assign through a view 13
 * <tr><td>allocatePage<td>[8, 1024, 128]<td>1,295<td>869
 * </table>
 *
 * <p>ND4J is ahead only where a page of a million numbers is filled, once in 1,024 tokens. Its
 * softmax and log-sum-exp would also be wrong or inexact. A row of −∞ gives NaN, although the state
 * of a part without tokens is (0, −∞). Its softmax is within 40 ulp, and its tanh, which a soft cap
 * needs, within 1,923.
 */
package dev.helix.attention.fp64;
