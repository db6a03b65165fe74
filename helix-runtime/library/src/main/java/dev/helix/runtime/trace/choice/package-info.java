/**
 * How often a router chooses an expert of a rank, if nothing is known of its tokens. Start with
 * {@link dev.helix.runtime.trace.choice.ExpertChoice}, which has the chances, and {@code
 * GroupSplits}, which says how the experts of a token fall on the groups of experts that stay.
 */
package dev.helix.runtime.trace.choice;
