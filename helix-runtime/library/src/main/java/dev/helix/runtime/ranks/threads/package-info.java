/**
 * Ranks that are threads of this JVM. {@link dev.helix.runtime.ranks.threads.ThreadRanks} starts
 * them and sees them to their end; {@code Rendezvous} is where they meet.
 */
package dev.helix.runtime.ranks.threads;
