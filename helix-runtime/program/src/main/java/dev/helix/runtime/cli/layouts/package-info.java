/**
 * The same decode on every layout: {@link dev.helix.runtime.cli.layouts.AllLayouts}, which compares
 * the digests of the logits.
 */
package dev.helix.runtime.cli.layouts;
