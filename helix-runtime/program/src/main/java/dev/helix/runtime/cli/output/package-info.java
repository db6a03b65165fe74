/**
 * Where the report of a command goes: nowhere, to standard output or to a file that is written
 * beside and moved into place. Start with {@link dev.helix.runtime.cli.output.JsonOption} and
 * {@link dev.helix.runtime.cli.output.Report}.
 */
package dev.helix.runtime.cli.output;
