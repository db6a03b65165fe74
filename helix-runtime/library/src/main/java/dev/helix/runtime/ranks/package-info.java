/**
 * Runs ranks and connects them. Start with {@link dev.helix.runtime.ranks.RankTransport}, which
 * runs a {@link dev.helix.runtime.ranks.RankProgram} on N ranks. An {@code OutcomeCodec} converts
 * what each rank returns to bytes. {@link dev.helix.runtime.ranks.threads} is the transport whose
 * ranks are threads of this JVM.
 *
 * <p>A transport promises to a program of N ranks:
 *
 * <ul>
 *   <li>If one rank fails, all stop, and the caller gets one {@link
 *       dev.helix.tensor.mesh.RankFailure} that says which rank, where and why.
 *   <li>An exchange that can never complete is an error at once, which is found by looking at who
 *       waits for whom and not by a timeout, and the error says what each rank was doing.
 *   <li>A rank's memory is its own: only bytes pass between ranks.
 * </ul>
 *
 * <p>It does not promise more. A rank that waits for another by other means than an exchange (a
 * lock, a queue) is not seen to be waiting, and a rank inside a long native call ends only after
 * it.
 */
package dev.helix.runtime.ranks;
