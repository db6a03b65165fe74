package dev.helix.attention.placement;

/** Checks of arguments that both placements share. */
final class Bounds {
  private Bounds() {}

  static int position(int position) {
    return notNegative("position", position);
  }

  static void slot(int slot) {
    notNegative("slot", slot);
  }

  static int tokens(int tokens) {
    return notNegative("number of tokens", tokens);
  }

  static void shard(int shard, int shards) {
    if (shard < 0 || shard >= shards) {
      throw new IllegalArgumentException("shard " + shard + " is not in [0, " + shards + ")");
    }
  }

  private static int notNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " must not be negative, got " + value);
    }
    return value;
  }
}
