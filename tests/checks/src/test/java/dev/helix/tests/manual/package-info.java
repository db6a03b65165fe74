/**
 * The README and the pages of the manual, held to the program. Start with {@code Page}, which reads
 * one, and {@code ConsoleExamplesTest}, which runs what it shows.
 *
 * <p>Parts of pages between {@code <!-- generated:NAME -->} and {@code <!-- end -->} come from the
 * code: {@code GeneratedParts} makes them. {@code GeneratedPartsTest} holds pages to them, and
 * writes them into the pages if it runs with {@code -Dhelix.manual.update=true}.
 */
package dev.helix.tests.manual;
