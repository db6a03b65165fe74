package dev.helix.tensor.io.zip;

/**
 * A member of an archive as the directory describes it.
 *
 * @param deflated whether the content is compressed; otherwise it is stored as it is
 * @param crc the checksum of the content
 * @param begin where the stored bytes begin in the file
 * @param stored number of bytes in the file
 * @param size number of bytes of the content
 */
record ZipMember(String name, boolean deflated, long crc, long begin, long stored, long size) {}
