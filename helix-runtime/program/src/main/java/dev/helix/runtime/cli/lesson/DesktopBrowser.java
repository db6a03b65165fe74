package dev.helix.runtime.cli.lesson;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The browser of the desktop that this program was started on.
 *
 * @param system name of the operating system, as {@code os.name} has it
 * @param environment variables of the process
 */
record DesktopBrowser(String system, Map<String, String> environment) {
  /** One of them says where windows or pages are shown, on systems with X11 or Wayland. */
  private static final List<String> SHOWN = List.of("DISPLAY", "WAYLAND_DISPLAY", "BROWSER");

  /** The browser of this process's desktop. */
  static DesktopBrowser own() {
    return new DesktopBrowser(System.getProperty("os.name"), System.getenv());
  }

  /**
   * The command that opens an address; empty if there is no desktop. Without one {@code xdg-open}
   * starts, and fails after this program has ended.
   */
  Optional<List<String>> command(String address) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", address));
    }
    if (name.startsWith("mac")) {
      return Optional.of(List.of("open", address));
    }
    Stream<String> shown = SHOWN.stream().map(one -> environment.getOrDefault(one, ""));
    return shown.allMatch(String::isBlank)
        ? Optional.empty()
        : Optional.of(List.of("xdg-open", address));
  }
}
