/**
 * What runs ranks and connects them. A {@link dev.helix.runtime.ranks.RankTransport} runs a {@link
 * dev.helix.runtime.ranks.RankProgram} on N ranks, and an {@code OutcomeCodec} brings home as bytes
 * what each returns. {@link dev.helix.runtime.ranks.threads} is the transport whose ranks are
 * threads of this JVM.
 *
 * <p>What is promised to a program of N ranks:
 *
 * <ul>
 *   <li>If one rank fails, all stop, and the caller gets one {@link
 *       dev.helix.tensor.mesh.RankFailure} that says which rank, where and why.
 *   <li>An exchange that can never complete is an error at once, found by looking at who waits for
 *       whom and not by a timeout, and the error says what each rank was doing.
 *   <li>A rank's memory is its own: only bytes pass between ranks.
 * </ul>
 *
 * <p>What is not: a rank that waits for another by other means than an exchange (a lock, a queue)
 * is not seen to be waiting, and a rank inside a long native call ends only after it.
 */
package dev.helix.runtime.ranks;
