/**
 * What breaks the laws of the decode: {@code DecodeLawSensitivityTest} plants faults in
 * grouped-query attention, {@code LatentDecodeSensitivityTest} in latent attention, {@code
 * ExchangeSensitivityTest} in the exchanges.
 */
package dev.helix.tests.laws.decode;
