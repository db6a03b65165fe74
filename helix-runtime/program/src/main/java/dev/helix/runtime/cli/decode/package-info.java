/**
 * The command {@code helix decode}, from prompts to text, pictures, tables and a verdict. Start
 * with {@link dev.helix.runtime.cli.decode.DecodeCommand}, then read {@code Verdict}, which decides
 * the exit status.
 */
package dev.helix.runtime.cli.decode;
