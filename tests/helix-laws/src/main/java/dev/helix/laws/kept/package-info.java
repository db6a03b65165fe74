/**
 * Cases that broke a law, kept in files to be run again: {@link dev.helix.laws.kept.KeptCase} says
 * what is known of one, {@link dev.helix.laws.kept.KeptFile} writes and reads it.
 */
package dev.helix.laws.kept;
