/**
 * Faults in what a rank assumes about its cache: lengths, pages, positions and placement. Start
 * with {@link dev.helix.attention.faults.cache.CacheFaults}, which lists them, and {@code
 * StepChanges}, which has what goes wrong in each.
 */
package dev.helix.attention.faults.cache;
