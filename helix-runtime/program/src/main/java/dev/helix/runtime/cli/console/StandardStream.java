package dev.helix.runtime.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output or standard error. It receives text in UTF-8 and passes it on in the terminal's
 * own charset. {@link PlainSpelling} spells the characters that the charset lacks.
 *
 * <p>When nobody reads the other end any more, the stream throws {@link ClosedPipe}, so that the
 * program ends at once. Every other failure is an {@link IOException}, which a {@link PrintStream}
 * remembers and does not throw.
 */
final class StandardStream extends OutputStream {
  private final OutputStream out;
  private final Charset charset;
  private final PlainSpelling spelling;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The first bytes of a character whose other bytes have not been written yet. */
  private ByteBuffer begun = ByteBuffer.allocate(0);

  /**
   * Creates a stream in front of another one.
   *
   * @param out receives bytes in the charset
   */
  StandardStream(OutputStream out, Charset charset) {
    this.out = out;
    this.charset = charset;
    this.spelling = new PlainSpelling(charset);
  }

  /** Standard output in the terminal's charset. */
  static PrintStream output() {
    return printing(FileDescriptor.out, charset("stdout.encoding"));
  }

  /** Standard error in the terminal's charset. */
  static PrintStream error() {
    return printing(FileDescriptor.err, charset("stderr.encoding"));
  }

  /**
   * A stream that prints to a file descriptor. It does not use {@code System.out}, which never says
   * why it could not write.
   */
  private static PrintStream printing(FileDescriptor descriptor, Charset charset) {
    OutputStream out = new StandardStream(new FileOutputStream(descriptor), charset);
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  /**
   * The terminal's charset, from the first property that is set. JDKs have the first one from 19
   * on, some systems had the second one before, and the last one is always set.
   */
  private static Charset charset(String property) {
    for (String name : new String[] {property, "sun." + property, "native.encoding"}) {
      String value = System.getProperty(name);
      if (value != null && Charset.isSupported(value)) {
        return Charset.forName(value);
      }
    }
    return Charset.defaultCharset();
  }

  @Override
  public synchronized void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      if (charset.equals(StandardCharsets.UTF_8)) {
        out.write(bytes, offset, length);
      } else {
        out.write(spelling.of(decoded(bytes, offset, length)).getBytes(charset));
      }
    } catch (IOException e) {
      if (isClosedPipe(e)) {
        throw new ClosedPipe(e);
      }
      throw e;
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  private String decoded(byte[] bytes, int offset, int length) {
    ByteBuffer all = ByteBuffer.allocate(begun.remaining() + length);
    all.put(begun).put(bytes, offset, length).flip();
    CharBuffer text = CharBuffer.allocate(all.remaining());
    decoder.decode(all, text, false);
    begun = all.slice();
    return text.flip().toString();
  }

  /**
   * Whether a failure is a closed pipe. No class of its own tells it from a full disk, but the
   * system's words do.
   */
  private static boolean isClosedPipe(IOException e) {
    String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("pipe") || words.contains("connection reset");
  }
}
