/**
 * Compares a sharded run with what it must equal. Start with {@link
 * dev.helix.runtime.verify.Verifier}, which compares it with the unsharded baseline, and {@link
 * dev.helix.runtime.verify.Verification}, which is the outcome. {@code OracleCheck} compares a run
 * with 50-digit numbers, and {@code DefinitionCheck} compares an exact run with the definition of
 * its bits.
 */
package dev.helix.runtime.verify;
