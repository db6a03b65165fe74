/**
 * The transport whose ranks are threads of this JVM. Start with {@link
 * dev.helix.runtime.ranks.threads.ThreadRanks}, which starts them and waits for their end, and
 * {@code Rendezvous}, where they meet for exchanges.
 */
package dev.helix.runtime.ranks.threads;
