/**
 * The command {@code helix time}, which says what a decode step of a deployed model takes. Start
 * with {@link dev.helix.runtime.cli.time.TimeCommand}, then read {@code LoadOptions}, which says
 * how tokens spread over experts.
 */
package dev.helix.runtime.cli.time;
