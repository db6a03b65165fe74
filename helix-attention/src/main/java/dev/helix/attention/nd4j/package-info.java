/**
 * Sharded attention over a caller's own ND4J arrays. Start with {@link
 * dev.helix.attention.nd4j.ShardedAttention}, which takes queries, keys and values, and {@link
 * dev.helix.attention.nd4j.ShardedStates}, which has what each rank held before the all-to-all,
 * after it, and after the merge.
 *
 * <p>This is the one package of attention whose public signatures name ND4J. It only calls what
 * other packages compute: the cache shard and its placement, the {@code fp64} reading's decode
 * attention, {@link dev.helix.tensor.mesh.WireCollectives} over that reading's wire, and the merge
 * that the decode runs.
 *
 * <p><b>Where the ranks run.</b> Attention may not assume threads, and a caller who has arrays
 * should need no transport. So the ranks take turns in the caller's thread ({@code RanksInTurn}). A
 * rank runs up to its exchange, then the other members of its group run up to theirs, and the
 * exchange is complete. That suffices for a program with one exchange, as this is. The bytes that
 * cross are those that threads or processes would send.
 *
 * <p>This package has no projections and no rotary embedding, which belong to a layer with weights
 * ({@link dev.helix.attention.helix.HelixAttention}). It also has no latent attention, and no
 * HOP-B, which changes no number.
 */
package dev.helix.attention.nd4j;
