/**
 * Machines as data. Start with {@link dev.helix.runtime.timing.machine.Gpu}, which is what the
 * hardware can do, and {@link dev.helix.runtime.timing.machine.Preset}, which is what software
 * makes of it. Both are JSON files beside these classes; {@link
 * dev.helix.runtime.timing.machine.Machine#read} takes a user's own. Every constant has a unit, a
 * source and a date.
 *
 * <p>Presets: {@code sol}, the speed of light, has peaks and no overhead; {@code paper} has what
 * the published figures of Helix Parallelism assume or imply; {@code silicon} is fitted to
 * published measurements, and compared with them in {@link dev.helix.runtime.timing.validation}.
 */
package dev.helix.runtime.timing.machine;
