package io.loggos.benchmarks.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Table in plain text that is also Markdown, with aligned columns and numbers to the right. */
public final class TextTable {
    private TextTable() {}

    /**
     * Returns the lines of a table.
     *
     * @param rows rows with as many cells as the head
     */
    public static List<String> lines(List<String> head, List<List<String>> rows) {
        int[] widths = head.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(head, widths));
        StringBuilder rule = new StringBuilder("|");
        for (int width : widths) {
            rule.append(" ").append("-".repeat(width)).append(" |");
        }
        lines.add(rule.toString());
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    /** Returns a number in this format, or a dash if it is not finite. */
    public static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    /** Returns the ratio of two values as text; empty if one of them is missing. */
    public static String ratio(double value, double other) {
        return other > 0 && Double.isFinite(value) ? number("%.2f ×", value / other) : "";
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - cells.get(i).length());
            line.append(' ');
            line.append(isNumeric(cells.get(i)) ? pad + cells.get(i) : cells.get(i) + pad);
            line.append(" |");
        }
        return line.toString();
    }

    private static boolean isNumeric(String cell) {
        return !cell.isEmpty() && Character.isDigit(cell.charAt(0));
    }
}
