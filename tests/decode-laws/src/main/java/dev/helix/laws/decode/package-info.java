/**
 * The laws of the decode on ranks. {@link dev.helix.laws.decode.DecodeVariant} is this project's
 * own program with parts that can be replaced: {@link dev.helix.laws.decode.DecodeUnderTest} in
 * double precision, where laws hold within derived bounds, {@link
 * dev.helix.laws.decode.ExactDecodeUnderTest} in the exact reading, where they hold to the bit.
 * {@code DecodeTrial} runs the laws on the ranks of a case; the package {@code cases} draws the
 * cases.
 */
package dev.helix.laws.decode;
