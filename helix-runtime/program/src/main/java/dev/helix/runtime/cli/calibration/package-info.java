/**
 * A machine held against published measurements: {@link
 * dev.helix.runtime.cli.calibration.Calibration}.
 */
package dev.helix.runtime.cli.calibration;
