/**
 * Reports of runs, for people and for programs. Start with {@link
 * dev.helix.runtime.report.VerificationTable}, which people read, and {@link
 * dev.helix.runtime.report.RunReport}, which is the same as JSON.
 */
package dev.helix.runtime.report;
