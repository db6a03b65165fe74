/**
 * Compares the timing model with what is known. Start with {@link
 * dev.helix.runtime.timing.validation.Validation}, which compares it with published measurements,
 * and {@link dev.helix.runtime.timing.validation.Roofline}, which is the closed form of Helix
 * Parallelism, Appendix A.
 */
package dev.helix.runtime.timing.validation;
