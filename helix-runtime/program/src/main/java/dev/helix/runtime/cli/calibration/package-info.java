/**
 * {@code helix calibration}: a machine held against published measurements. Start with {@link
 * dev.helix.runtime.cli.calibration.CalibrationCommand}.
 */
package dev.helix.runtime.cli.calibration;
