/**
 * The comparison of a sharded run with the unsharded baseline: {@link
 * dev.helix.runtime.verify.Verifier}.
 */
package dev.helix.runtime.verify;
