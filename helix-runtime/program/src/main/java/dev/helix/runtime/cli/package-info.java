/** The command line: {@link dev.helix.runtime.cli.Main}. */
package dev.helix.runtime.cli;
