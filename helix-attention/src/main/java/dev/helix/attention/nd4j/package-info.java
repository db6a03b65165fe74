/**
 * Sharded attention over a caller's own ND4J arrays. Begin with {@link
 * dev.helix.attention.nd4j.ShardedAttention}, which is given queries, keys and values, and read
 * {@link dev.helix.attention.nd4j.ShardedStates}, which holds what each rank knew before the
 * all-to-all, after it, and after the merge.
 *
 * <p>This is the one package of attention whose public signatures name ND4J. All that it computes
 * is computed elsewhere: the cache shard and its placement, the {@code fp64} reading's decode
 * attention, {@link dev.helix.tensor.mesh.WireCollectives} over that reading's wire, and the merge
 * that the decode runs.
 *
 * <p><b>Where the ranks come from.</b> Attention may not assume threads, and a caller who has
 * arrays should need no transport. So the ranks take turns in the caller's thread ({@code
 * RanksInTurn}): a rank runs up to its exchange, where the other members of its group run up to
 * theirs, and the exchange is complete. That suffices for a program with one exchange, which this
 * is, and the bytes that cross it are those that threads or processes would send.
 *
 * <p>Not here: projections, rotary embedding and the output projection, which belong to a layer
 * with weights ({@link dev.helix.attention.helix.HelixAttention}); latent attention; HOP-B, which
 * changes no number.
 */
package dev.helix.attention.nd4j;
