package dev.helix.tensor.io.zip;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.JsonObject;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A ZIP file, open for reading. The content of a stored member is a part of the file and stays
 * there. A deflated member is inflated into memory when it is first asked for, and kept. So that a
 * small file cannot fill the memory, deflated members may be at most {@value #MAX_INFLATION} times
 * as large, all together, as the file; and its checksum has to be right.
 *
 * <p>Threads may read at the same time.
 */
public final class ZipArchive {
  /** How large the deflated members of a file may be together, in sizes of the file. */
  public static final int MAX_INFLATION = 16;

  /** About the longest array that a JVM can make. */
  private static final long MAX_MEMBER_BYTES = Integer.MAX_VALUE - 8;

  private final String file;
  private final ByteSource bytes;
  private final Map<String, ZipMember> members;
  private final Map<String, ByteSource> inflated = new HashMap<>();

  private ZipArchive(String file, ByteSource bytes) {
    this.file = file;
    this.bytes = bytes;
    this.members = ZipDirectory.read(file, bytes);
    long most = MAX_INFLATION * bytes.size();
    long sum = 0;
    for (ZipMember member : members.values()) {
      if (member.deflated()) {
        sum += Math.min(member.size(), most + 1);
        if (sum > most || member.size() > MAX_MEMBER_BYTES) {
          throw refused(
              member,
              "deflated members of at most %d bytes, %d times the file, and of 2 GiB each"
                  .formatted(most, MAX_INFLATION),
              "%d bytes (store it without compression)".formatted(member.size()));
        }
      }
    }
  }

  /**
   * Reads the directory of an archive.
   *
   * @param file the name of the file in messages
   * @throws InvalidInputException naming the file and the member, if anything is not as the format
   *     demands
   */
  public static ZipArchive read(String file, ByteSource bytes) {
    return new ZipArchive(file, bytes);
  }

  /** The names of the members, in the order in which they lie in the file. */
  public Set<String> names() {
    return members.keySet();
  }

  /**
   * The content of a member.
   *
   * @throws InvalidInputException if there is no such member, or its compressed bytes are damaged
   */
  public ByteSource content(String name) {
    ZipMember member = members.get(name);
    if (member == null) {
      throw new InvalidInputException(
          "%s: expected a member %s, got none".formatted(file, JsonObject.oneLine(name)));
    }
    if (!member.deflated()) {
      return bytes.part(member.begin(), member.stored());
    }
    synchronized (inflated) {
      return inflated.computeIfAbsent(name, absent -> ByteSource.of(inflate(member)));
    }
  }

  private ByteBuffer inflate(ZipMember member) {
    int size = (int) member.size();
    // The byte more shows whether the content ends where it should.
    byte[] content = new byte[size + 1];
    int done = inflate(member, content);
    CRC32 crc = new CRC32();
    crc.update(content, 0, size);
    if (done != size || crc.getValue() != member.crc()) {
      throw refused(
          member,
          "%d bytes with the checksum %08x".formatted(size, member.crc()),
          done == size ? "others" : done > size ? "more" : done + " bytes");
    }
    return ByteBuffer.wrap(content, 0, size);
  }

  /** Inflates a member until it ends or the array is full, and returns the number of bytes. */
  private int inflate(ZipMember member, byte[] into) {
    Inflater inflater = new Inflater(true);
    try {
      int done = 0;
      long read = 0;
      while (!inflater.finished() && done < into.length) {
        int got = inflater.inflate(into, done, into.length - done);
        done += got;
        if (got == 0 && inflater.needsInput()) {
          if (read == member.stored()) {
            break;
          }
          ByteBuffer view = bytes.from(member.begin() + read);
          int here = (int) Math.min(view.remaining(), member.stored() - read);
          inflater.setInput(view.limit(view.position() + here));
          read += here;
        } else if (got == 0 && !inflater.finished()) {
          break; // The bytes ask for a dictionary, which no ZIP file has.
        }
      }
      return done;
    } catch (DataFormatException e) {
      throw new InvalidInputException(
          "%s: member %s: expected deflated bytes, got others"
              .formatted(file, JsonObject.oneLine(member.name())),
          e);
    } finally {
      inflater.end();
    }
  }

  private InvalidInputException refused(ZipMember member, String expected, String came) {
    return new InvalidInputException(
        "%s: member %s: expected %s, got %s"
            .formatted(file, JsonObject.oneLine(member.name()), expected, came));
  }
}
