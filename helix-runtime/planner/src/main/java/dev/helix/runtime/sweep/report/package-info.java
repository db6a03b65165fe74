/**
 * What a sweep found, as text, CSV, JSON and charts. Start with {@link
 * dev.helix.runtime.sweep.report.SweepTable}, which is printed, and {@link
 * dev.helix.runtime.sweep.report.SweepCharts}, which draws the frontiers.
 */
package dev.helix.runtime.sweep.report;
