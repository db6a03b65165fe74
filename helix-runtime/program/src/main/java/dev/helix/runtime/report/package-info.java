/**
 * What a run looks like to people ({@code LayoutPicture}, {@code VerificationTable}) and to
 * programs.
 */
package dev.helix.runtime.report;
