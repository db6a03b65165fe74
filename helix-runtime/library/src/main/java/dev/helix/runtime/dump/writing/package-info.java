/**
 * Writes dumps of this project's own runs. Start with {@link
 * dev.helix.runtime.dump.writing.RunDump}, which writes the last step of a run under the names that
 * the reader of dumps knows, and {@link dev.helix.runtime.dump.writing.RankDump}, which is what one
 * rank's file holds of it.
 */
package dev.helix.runtime.dump.writing;
