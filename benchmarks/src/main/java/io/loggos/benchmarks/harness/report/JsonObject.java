package io.loggos.benchmarks.harness.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writer of one JSON object in one line, with its members in the order in which they are added. */
public final class JsonObject {
    private final StringBuilder line = new StringBuilder("{");

    public JsonObject text(String name, String value) {
        return raw(name, quoted(value));
    }

    public JsonObject number(String name, long value) {
        return raw(name, Long.toString(value));
    }

    /** Adds a number with one decimal place; null if it is not finite. */
    public JsonObject number(String name, double value) {
        return raw(name, Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "null");
    }

    /** Adds true, false, or null for a value that does not apply. */
    public JsonObject truth(String name, @Nullable Boolean value) {
        return raw(name, String.valueOf(value));
    }

    /** Adds null. */
    public JsonObject nothing(String name) {
        return raw(name, "null");
    }

    /** Returns the object. */
    public String end() {
        return line.append('}').toString();
    }

    /** Returns an array of objects, one in a line. */
    public static String array(List<String> objects) {
        return objects.isEmpty() ? "[]\n" : "[\n  " + String.join(",\n  ", objects) + "\n]\n";
    }

    private JsonObject raw(String name, String value) {
        line.append(line.length() == 1 ? "" : ", ").append(quoted(name)).append(": ");
        line.append(value);
        return this;
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
