/**
 * Faults in what a rank believes of its cache: lengths, pages, positions and placement. {@link
 * dev.helix.attention.faults.cache.CacheFaults} lists them, and {@code StepChanges} says what goes
 * wrong in each.
 */
package dev.helix.attention.faults.cache;
