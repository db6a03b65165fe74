/**
 * The commands that judge and explain tensors of other programs. Start with {@link
 * dev.helix.runtime.cli.verify.VerifyCommand}; {@link dev.helix.runtime.cli.verify.FactOptions} has
 * what a dump cannot tell.
 */
package dev.helix.runtime.cli.verify;
