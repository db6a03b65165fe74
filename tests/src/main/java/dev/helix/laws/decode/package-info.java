/**
 * The laws of the decode on ranks: {@link dev.helix.laws.decode.DecodeUnderTest} is this project's
 * own program with a part replaced, {@code DecodeTrial} what must hold of it.
 */
package dev.helix.laws.decode;
