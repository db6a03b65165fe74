/**
 * The commands that search: {@code helix sweep}, which times every configuration, {@code helix
 * paper}, which holds the published claims against a sweep, and {@code helix advise}, which answers
 * with one layout. Start with {@link dev.helix.runtime.cli.sweep.SweepCommand} and {@link
 * dev.helix.runtime.cli.sweep.ServingOptions}, which is what all three are asked about.
 */
package dev.helix.runtime.cli.sweep;
