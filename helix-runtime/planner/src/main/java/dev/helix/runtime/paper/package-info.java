/**
 * Holds the claims of Helix Parallelism (arXiv 2507.07120, §3) against a sweep in their own
 * setting, in every reading that the paper leaves open. Start with {@link
 * dev.helix.runtime.paper.ModelStudy}, which is the sweep of a model, and {@link
 * dev.helix.runtime.paper.Comparison}, which is one reading.
 */
package dev.helix.runtime.paper;
