package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.dump.Role;
import java.util.Map;

/** A wrong way to read the bytes of an entry. A format that has no place for it is read rightly. */
@FunctionalInterface
interface EntryMisreading {
  /** The right way. */
  EntryMisreading NONE = (codec, entry) -> entry;

  /** The halves of a byte change places, where each is a number. */
  EntryMisreading HALVES =
      (codec, entry) -> {
        byte[] read = entry.clone();
        for (int i = 0; i < codec.packedBytes(); i++) {
          read[i] = (byte) (((entry[i] & 0xf) << 4) | ((entry[i] >> 4) & 0xf));
        }
        return read;
      };

  /** The scales of the blocks are read from the last to the first. */
  EntryMisreading SCALES =
      (codec, entry) -> {
        byte[] read = entry.clone();
        for (int i = codec.scalesFrom(); i < entry.length; i++) {
          read[i] = entry[entry.length - 1 - (i - codec.scalesFrom())];
        }
        return read;
      };

  /** The known ones, by what verdicts call them, and of which part of a cache they are. */
  Map<String, Map<Role, EntryMisreading>> ALL =
      Map.of(
          "the halves of a byte in FP4 read in another order",
          Map.of(Role.KEY_ENTRIES, HALVES, Role.VALUE_ENTRIES, HALVES, Role.LATENT_ENTRIES, HALVES),
          "the halves of a byte of V in FP4 read in another order",
          Map.of(Role.VALUE_ENTRIES, HALVES),
          "scales of blocks of K read in another order",
          Map.of(Role.KEY_ENTRIES, SCALES),
          "scales of blocks of latents read in another order",
          Map.of(Role.LATENT_ENTRIES, SCALES),
          "scales of blocks of V read in another order",
          Map.of(Role.VALUE_ENTRIES, SCALES));

  /** The bytes as they are read. */
  byte[] of(EntryCodec codec, byte[] entry);
}
