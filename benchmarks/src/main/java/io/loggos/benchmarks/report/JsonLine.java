package io.loggos.benchmarks.report;

import java.util.Locale;

/** Writes one JSON object. */
final class JsonLine {
    private final StringBuilder line = new StringBuilder("{");

    JsonLine text(String name, String value) {
        return raw(name, quoted(value));
    }

    JsonLine number(String name, long value) {
        return raw(name, Long.toString(value));
    }

    /** With one decimal place; null if there is no such number. */
    JsonLine number(String name, double value) {
        return raw(name, Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "null");
    }

    JsonLine raw(String name, String value) {
        line.append(line.length() == 1 ? "" : ", ").append(quoted(name)).append(": ");
        line.append(value);
        return this;
    }

    String end() {
        return line.append('}').toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
