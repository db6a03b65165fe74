/**
 * The {@code fp64} reading, which computes what a careful GPU engineer would compute if double
 * precision were the deployed precision. Start with {@link dev.helix.tensor.fp64.Fp64Kernels} and
 * {@link dev.helix.tensor.fp64.Nd4jViews}, which shows tensors as ND4J arrays and arrays as
 * tensors. ND4J provides the memory and the BLAS.
 *
 * <p>Products go to BLAS through its C interface, and element-wise kernels are loops over ND4J's
 * memory. An ND4J operation costs 10 to 40 µs before it computes, a view of a tensor another 5, and
 * most launches would need several of each. The table was measured with JDK 17 on one thread of a
 * busy 2-core machine. Each figure is the least over batches of calls of 0.1 ms, or of one call.
 * Arrays were at hand where nothing else is said.
 *
 * <table>
 * <caption>One launch as it is, and as ND4J operations</caption>
 * <tr><th>operation<th>size<th>used, µs<th>ND4J, µs
 * <tr><td>linear<td>x [1, 64], w [64, 64]<td>C interface 1.1<td>mmul 48; mmuli into order 'f' 23
 * <tr><td>linear<td>x [1, 512], w [1408, 512]<td>103<td>739; 707
 * <tr><td>linear<td>x [8, 4096], w [4096, 4096]<td>57,700<td>70,100; 65,900
 * <tr><td>add<td>[1, 64]<td>loop 1.5<td>126; 153 with views
 * <tr><td>add<td>[4, 512]<td>4.5<td>39; 45 with views
 * <tr><td>add<td>[8, 4096]<td>92<td>175; 70 with views and into a given result
 * <tr><td>rmsNorm<td>[1, 64]<td>loop 1.2<td>six operations 221
 * <tr><td>rmsNorm<td>[8, 4096]<td>123<td>267
 * <tr><td>embed, selectRows<td>1 row of 64<td>loop 0.8<td>getRows 17
 * <tr><td>embed, selectRows<td>8 rows of 4096<td>94<td>167
 * <tr><td>stackRows<td>2 parts [1, 64]<td>loop 6<td>concat 31
 * <tr><td>stackRows<td>2 parts [8, 4096]<td>118<td>325
 * <tr><td>toHost<td>[1, 64]<td>loop 0.2<td>asDouble 5.4
 * </table>
 *
 * <p>ND4J is ahead in one row only: an addition of 32,768 numbers into a given result, by 22 µs
 * beside products of 50 ms. So no operation uses it. Copies between a caller's arrays and tensors,
 * which are no launches, are ND4J's. Two more reasons are not about time: ND4J's {@code mmul}
 * refuses empty operands and changes the order of its result with theirs, and {@code gather} reads
 * beyond the table without an error.
 *
 * <p>Results are not the same bit for bit in every layout, because BLAS sums in an order that
 * depends on the shape. Each result is within a few γₙ of the true value, γₙ = n·u/(1 − n·u), u =
 * 2⁻⁵³.
 */
package dev.helix.tensor.fp64;
