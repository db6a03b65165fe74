/**
 * The model held against what is known: {@link dev.helix.runtime.timing.validation.Validation}
 * against published measurements, {@link dev.helix.runtime.timing.validation.Roofline} against the
 * closed form of Helix Parallelism, Appendix A.
 */
package dev.helix.runtime.timing.validation;
