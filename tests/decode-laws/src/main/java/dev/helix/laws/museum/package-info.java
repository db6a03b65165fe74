/**
 * Faults that serving systems have shipped, each as a small faulty variant that a law must catch:
 * {@link dev.helix.laws.museum.Museum} lists them.
 */
package dev.helix.laws.museum;
