/**
 * The laws of the decode on ranks. {@link dev.helix.laws.decode.DecodeVariant} is this project's
 * own program with a part replaced: {@link dev.helix.laws.decode.DecodeUnderTest} in double
 * precision, where laws hold within derived bounds, {@link
 * dev.helix.laws.decode.ExactDecodeUnderTest} in the exact reading, where they hold to the bit.
 * {@code DecodeTrial} says what must hold, {@link dev.helix.laws.decode.DecodeHardCase} of what
 * above all.
 */
package dev.helix.laws.decode;
