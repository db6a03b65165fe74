/**
 * The command {@code helix calibration}, which compares a machine with published measurements.
 * Start with {@link dev.helix.runtime.cli.calibration.CalibrationCommand}; {@code FittedPreset} is
 * the default of one of its options.
 */
package dev.helix.runtime.cli.calibration;
