package dev.helix.tensor.formats.baseline;

/** The format of the scales of blocks: what their bytes stand for, and the next smaller scale. */
enum ScaleFormat {
  /** No scale of a block is stored. */
  NONE(0) {
    @Override
    double value(byte[] bytes, int at) {
      return 1;
    }

    @Override
    double below(byte[] bytes, int at) {
      return 1;
    }

    @Override
    boolean isLargest(byte[] bytes, int at) {
      return true;
    }
  },
  E4M3(1) {
    @Override
    double value(byte[] bytes, int at) {
      return CodeValues.E4M3.value(bytes[at] & 0xff);
    }

    @Override
    double below(byte[] bytes, int at) {
      return CodeValues.E4M3.below(bytes[at] & 0x7f);
    }

    @Override
    boolean isLargest(byte[] bytes, int at) {
      return value(bytes, at) == CodeValues.E4M3.largest();
    }
  },
  E8M0(1) {
    @Override
    double value(byte[] bytes, int at) {
      int exponent = bytes[at] & 0xff;
      return exponent == 255 ? Double.NaN : StrictMath.pow(2, exponent - 127);
    }

    @Override
    double below(byte[] bytes, int at) {
      return (bytes[at] & 0xff) == 0 ? 0 : value(bytes, at) / 2;
    }

    @Override
    boolean isLargest(byte[] bytes, int at) {
      return (bytes[at] & 0xff) == 254;
    }
  },
  F32(4) {
    @Override
    double value(byte[] bytes, int at) {
      int bits = 0;
      for (int i = 3; i >= 0; i--) {
        bits = (bits << 8) | (bytes[at + i] & 0xff);
      }
      return Float.intBitsToFloat(bits);
    }

    @Override
    double below(byte[] bytes, int at) {
      return Math.nextDown((float) value(bytes, at));
    }

    @Override
    boolean isLargest(byte[] bytes, int at) {
      return value(bytes, at) == Float.MAX_VALUE;
    }
  };

  private final int bytes;

  ScaleFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Number of bytes of a scale. */
  int bytes() {
    return bytes;
  }

  /** The scale at an index of the bytes, or NaN. */
  abstract double value(byte[] bytes, int at);

  /** The next smaller scale of the format, or 0 if there is none. */
  abstract double below(byte[] bytes, int at);

  /** Whether the format has no larger scale, so that elements may saturate. */
  abstract boolean isLargest(byte[] bytes, int at);
}
