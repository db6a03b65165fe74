package dev.helix.tensor.io.zip;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a ZIP file, which stands at its end (APPNOTE.TXT 6.3.10 by PKWARE, sections 4.3
 * and 4.5.3). Everything is checked: members lie in the file one behind the other, none in another
 * or in the directory, and no two have the same name.
 */
final class ZipDirectory {
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_BYTES = 56;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int ENTRY_BYTES = 46;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_BYTES = 30;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ZIP64_EXTRA = 1;
  private static final long IN_ZIP64 = 0xffffffffL;

  /** A directory of more bytes is damaged: that would be 100,000 members and more. */
  private static final int MAX_DIRECTORY_BYTES = 16_000_000;

  private final String file;
  private final ByteSource bytes;

  private ZipDirectory(String file, ByteSource bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Reads and checks the directory.
   *
   * @param file the name of the file in messages
   * @return the members by name, in the directory's order
   */
  static Map<String, ZipMember> read(String file, ByteSource bytes) {
    return new ZipDirectory(file, bytes).members();
  }

  /** Where the directory is. */
  private record Extent(long begin, long length, long entries) {}

  private record Entry(
      String name, int flags, int method, long crc, long stored, long size, long local) {}

  private Map<String, ZipMember> members() {
    Extent extent = extent();
    ByteBuffer directory = at(extent.begin(), Math.toIntExact(extent.length()));
    List<Entry> entries = new ArrayList<>();
    while (directory.hasRemaining()) {
      entries.add(entry(directory));
    }
    if (entries.size() != extent.entries()) {
      throw refused("directory", extent.entries() + " members", entries.size() + " of them");
    }
    entries.sort(Comparator.comparingLong(Entry::local));
    Map<String, ZipMember> members = new LinkedHashMap<>();
    long end = 0;
    for (Entry entry : entries) {
      if (entry.local() < end) {
        throw refused(
            member(entry.name()),
            "to begin at byte %d or behind".formatted(end),
            "byte %d, inside of another member".formatted(entry.local()));
      }
      ZipMember member = located(entry, extent.begin());
      end = member.begin() + member.stored();
      if (members.put(entry.name(), member) != null) {
        throw refused(member(entry.name()), "it once", "it twice");
      }
    }
    return Collections.unmodifiableMap(members);
  }

  private Extent extent() {
    long size = bytes.size();
    int tail = (int) Math.min(size, END_BYTES + MAX_COMMENT);
    ByteBuffer last = at(size - tail, tail);
    int end = tail - END_BYTES;
    while (end >= 0 && !isEnd(last, end)) {
      end--;
    }
    if (end < 0) {
      throw refused("end of the file", "the directory of a ZIP archive", "none (cut short?)");
    }
    long endAt = size - tail + end;
    long entries = Short.toUnsignedLong(last.getShort(end + 10));
    long length = Integer.toUnsignedLong(last.getInt(end + 12));
    long begin = Integer.toUnsignedLong(last.getInt(end + 16));
    boolean wide = entries == 0xffff || length == IN_ZIP64 || begin == IN_ZIP64;
    if (wide && endAt >= LOCATOR_BYTES) {
      ByteBuffer locator = at(endAt - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_SIGNATURE) {
        return extent64(locator.getLong(8), endAt - LOCATOR_BYTES);
      }
    }
    return checked(new Extent(begin, length, entries), endAt);
  }

  /** Whether the record of the end is at a place, with a comment that reaches to the file's end. */
  private static boolean isEnd(ByteBuffer last, int at) {
    return last.getInt(at) == END_SIGNATURE
        && Short.toUnsignedInt(last.getShort(at + 20)) == last.limit() - at - END_BYTES;
  }

  private Extent extent64(long at, long before) {
    if (at < 0 || at > before - END64_BYTES) {
      throw refused("end of the directory", "it before byte " + before, "byte " + at);
    }
    ByteBuffer end = at(at, END64_BYTES);
    if (end.getInt(0) != END64_SIGNATURE) {
      throw refused("end of the directory", "its signature at byte " + at, "other bytes");
    }
    return checked(new Extent(end.getLong(48), end.getLong(40), end.getLong(32)), at);
  }

  private Extent checked(Extent extent, long end) {
    boolean within =
        extent.begin() >= 0 && extent.length() >= 0 && extent.length() <= end - extent.begin();
    if (!within || extent.length() > MAX_DIRECTORY_BYTES) {
      throw refused(
          "directory",
          "at most %d bytes before byte %d".formatted(MAX_DIRECTORY_BYTES, end),
          "%d from byte %d on".formatted(extent.length(), extent.begin()));
    }
    return extent;
  }

  private Entry entry(ByteBuffer directory) {
    int at = directory.position();
    if (directory.remaining() < ENTRY_BYTES || directory.getInt(at) != ENTRY_SIGNATURE) {
      throw refused("directory", "an entry at its byte " + at, "other bytes");
    }
    int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
    int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
    int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
    long length = (long) ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
    if (length > directory.remaining()) {
      throw refused("directory", "whole entries", "one that is cut short at its byte " + at);
    }
    byte[] name = new byte[nameBytes];
    directory.get(at + ENTRY_BYTES, name);
    ByteBuffer extra = directory.slice(at + ENTRY_BYTES + nameBytes, extraBytes);
    directory.position(at + (int) length);
    Entry entry =
        new Entry(
            new String(name, StandardCharsets.UTF_8),
            directory.getShort(at + 8),
            Short.toUnsignedInt(directory.getShort(at + 10)),
            Integer.toUnsignedLong(directory.getInt(at + 16)),
            Integer.toUnsignedLong(directory.getInt(at + 20)),
            Integer.toUnsignedLong(directory.getInt(at + 24)),
            Integer.toUnsignedLong(directory.getInt(at + 42)));
    return widened(entry, extra.order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The entry with those of its numbers that do not fit 32 bits, which stand in an extra field. */
  private Entry widened(Entry entry, ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        break;
      }
      if (id == ZIP64_EXTRA) {
        ByteBuffer wide = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        long size = wide(entry, entry.size(), wide);
        long stored = wide(entry, entry.stored(), wide);
        long local = wide(entry, entry.local(), wide);
        return new Entry(
            entry.name(), entry.flags(), entry.method(), entry.crc(), stored, size, local);
      }
      extra.position(extra.position() + length);
    }
    return entry;
  }

  private long wide(Entry entry, long narrow, ByteBuffer wide) {
    if (narrow != IN_ZIP64) {
      return narrow;
    }
    if (wide.remaining() < Long.BYTES || wide.getLong(wide.position()) < 0) {
      throw refused(member(entry.name()), "sizes of 64 bits", "none");
    }
    return wide.getLong();
  }

  private ZipMember located(Entry entry, long end) {
    String member = member(entry.name());
    if ((entry.flags() & ENCRYPTED) != 0) {
      throw refused(member, "a member that is not encrypted", "an encrypted one");
    }
    if (entry.method() != STORED && entry.method() != DEFLATED) {
      throw refused(member, "method 0 (stored) or 8 (deflated)", "" + entry.method());
    }
    if (entry.method() == STORED && entry.stored() != entry.size()) {
      throw refused(
          member, "as many bytes as are stored", entry.size() + ", stored " + entry.stored());
    }
    if (entry.local() > end - LOCAL_BYTES) {
      throw refused(member, "it before byte " + end, "byte " + entry.local());
    }
    ByteBuffer local = at(entry.local(), LOCAL_BYTES);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw refused(member, "its header at byte " + entry.local(), "other bytes");
    }
    long begin =
        entry.local()
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (entry.stored() > end - begin) {
      throw refused(
          member,
          "at most the bytes %d to %d".formatted(begin, end),
          entry.stored() + " bytes (cut short?)");
    }
    return new ZipMember(
        entry.name(), entry.method() == DEFLATED, entry.crc(), begin, entry.stored(), entry.size());
  }

  private ByteBuffer at(long position, int count) {
    return ByteBuffer.wrap(bytes.bytes(position, count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String member(String name) {
    return "member " + JsonObject.oneLine(name);
  }

  private InvalidInputException refused(String field, String expected, String came) {
    return new InvalidInputException(
        "%s: %s: expected %s, got %s".formatted(file, field, expected, came));
  }
}
