package io.loggos.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the Javadoc comments of a Java file, and the first sentence of each. */
final class JavaSource {
    private static final Pattern MARGIN = Pattern.compile("(?m)^[ \\t]*\\*[ \\t]?");
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*@\\w+");
    private static final Pattern BLOCK_ELEMENT = Pattern.compile("<(p|ul|ol|li|dl|pre|table|blockquote|h[1-6])\\b");
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@(\\w+)\\s+([^{}]*)}");
    private static final Pattern REFERENCE = Pattern.compile("^[^\\s(]+(\\([^)]*\\))?\\s+(?=\\S)");
    private static final Pattern HTML_TAG = Pattern.compile("</?[a-zA-Z][^>]*>");
    private static final Pattern SENTENCE_END =
            Pattern.compile("(?<!\\be\\.g|\\bi\\.e|\\bcf|\\bvs)[.!?][)\"']?(?=\\s|$)");

    private JavaSource() {}

    /** A Javadoc comment without its margin; {@code line} is where it begins, counted from 1. */
    record Javadoc(int line, String text) {
        /** The first sentence as a reader sees it, on one line and without tags; empty if there is none. */
        String firstSentence() {
            String body = until(BLOCK_ELEMENT, until(BLOCK_TAG, text));
            String plain = HTML_TAG.matcher(withoutInlineTags(body)).replaceAll("");
            String prose = plain.replaceAll("\\s+", " ").strip();
            Matcher end = SENTENCE_END.matcher(prose);
            return end.find() ? prose.substring(0, end.end()) : prose;
        }
    }

    /** The Javadoc comments of a file in their order; what looks like one inside a literal or a comment is none. */
    static List<Javadoc> javadocs(String source) {
        List<Javadoc> found = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            int next = endOfToken(source, at);
            if (source.startsWith("/**", at) && next > at + "/**/".length()) {
                String inside = source.substring(at + "/**".length(), next - "*/".length());
                found.add(new Javadoc(
                        SourceTree.line(source, at), MARGIN.matcher(inside).replaceAll("")));
            }
            at = next;
        }
        return found;
    }

    /** Behind the comment or literal that begins here, or behind one character. */
    private static int endOfToken(String source, int at) {
        if (source.startsWith("//", at)) {
            return behind(source, "\n", at);
        }
        if (source.startsWith("/*", at)) {
            return behind(source, "*/", at + "/*".length());
        }
        if (source.startsWith("\"\"\"", at)) {
            return endOfLiteral(source, "\"\"\"", at);
        }
        if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
            return endOfLiteral(source, source.substring(at, at + 1), at);
        }
        return at + 1;
    }

    private static int endOfLiteral(String source, String quote, int at) {
        int next = at + quote.length();
        while (next < source.length() && !source.startsWith(quote, next)) {
            next += source.charAt(next) == '\\' ? 2 : 1;
        }
        return Math.min(source.length(), next + quote.length());
    }

    private static int behind(String source, String mark, int from) {
        int found = source.indexOf(mark, from);
        return found < 0 ? source.length() : found + mark.length();
    }

    private static String until(Pattern end, String text) {
        Matcher matcher = end.matcher(text);
        return matcher.find() ? text.substring(0, matcher.start()) : text;
    }

    /** A period inside of an inline tag ends no sentence, so it is replaced. */
    private static String withoutInlineTags(String text) {
        return INLINE_TAG.matcher(text).replaceAll(tag -> {
            String content = tag.group(2).strip();
            String shown = switch (tag.group(1)) {
                case "return" -> "Returns " + content;
                case "link", "linkplain" -> REFERENCE.matcher(content).replaceFirst("");
                default -> content;
            };
            return Matcher.quoteReplacement(shown.replaceAll("[.!?]", "·"));
        });
    }
}
