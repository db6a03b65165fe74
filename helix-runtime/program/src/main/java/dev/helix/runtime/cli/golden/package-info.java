/**
 * The command {@code helix golden}: {@link dev.helix.runtime.cli.golden.GoldenCommand} draws cases,
 * and {@code GoldenFolder} moves a complete directory into place.
 */
package dev.helix.runtime.cli.golden;
