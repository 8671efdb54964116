package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.architecture.JavaSource.Javadoc;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The prose of Javadoc and Markdown, as far as a program can judge it. */
class ProseTest {
    private static final int WORD_LIMIT = 25;
    private static final Pattern HEADLESS =
            Pattern.compile("(?i)(What|Who|Whom|Whose|Whether|How|When|Where|Which|Why|So|Those|If)(?![\\w-]).*");
    private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");
    private static final Pattern THE_OWN = Pattern.compile("(?i)\\bthe[\\s*/]+own\\b");

    @Test
    void noJavadocBeginsHeadless() {
        assertNone(javadocFaults(ProseTest::headless));
    }

    @Test
    void noJavadocBeginsWithALongSentence() {
        assertNone(javadocFaults(ProseTest::longSentences));
    }

    /** "Own" needs a possessive before it. */
    @Test
    void ownHasAnOwner() {
        List<Path> files = Stream.concat(SourceTree.javaFiles().stream(), SourceTree.markdownFiles().stream())
                .toList();
        assertNone(files.stream()
                .flatMap(file ->
                        theOwn(SourceTree.read(file)).stream().map(fault -> SourceTree.name(file) + ":" + fault))
                .toList());
    }

    @Test
    void findsAHeadlessJavadoc() {
        assertEquals(List.of("2: What it does."), headless("\n/** What it does. */ int a;"));
        assertEquals(
                List.of("1: so it goes, with a line break."),
                headless("/**\n * so it goes,\n * with a line break. More.\n */"));
        assertEquals(List.of("1: If set, it is on."), headless("/** If {@code set}, it is on. */"));
        assertEquals(
                List.of(),
                headless("/** Whole and whatever. */ /* What */ // What\n/** @return what */"
                        + " String s = \"/** What */ \\\" /** What */\"; char c = '\"'; /**/ /** Software. What? */"));
    }

    @Test
    void findsALongFirstSentence() {
        String words = "word ".repeat(WORD_LIMIT - 1);
        assertEquals(List.of(), longSentences("/** " + words + "end. " + words + words + "*/"));
        assertEquals(List.of(), longSentences("/** " + words + "— end <p>more. */"));
        assertEquals(List.of(), longSentences("/** " + words + "end\n * @param x of many words. */"));
        assertEquals(
                List.of("1: 26 words: " + words + "at the·end."),
                longSentences("/** " + words + "at {@code the.end}. Next. */"));
        assertEquals(
                List.of("1: 26 words: Returns " + words + "it"), longSentences("/** {@return " + words + "it} */"));
        assertEquals(
                List.of("1: 26 words: " + words + "(e.g. this)."),
                longSentences("/** " + words + "(e.g. {@link #that(int, int) this}). */"));
    }

    @Test
    void findsAnOwnWithoutOwner() {
        assertEquals(List.of("2: the " + "own"), theOwn("a\nb the " + "own c"));
        assertEquals(
                List.of("1: The " + "own"),
                theOwn("/**\n * The\n     * " + "own c").stream()
                        .map(fault -> fault.replaceAll("\\d+: (The)\\s[\\s*]+", "1: $1 "))
                        .toList());
        assertEquals(List.of(), theOwn("the owner; its own; the ownership; bathe own"));
    }

    private static List<String> headless(String source) {
        return JavaSource.javadocs(source).stream()
                .filter(javadoc -> HEADLESS.matcher(javadoc.firstSentence()).matches())
                .map(javadoc -> javadoc.line() + ": " + javadoc.firstSentence())
                .toList();
    }

    private static List<String> longSentences(String source) {
        return JavaSource.javadocs(source).stream()
                .filter(javadoc -> words(javadoc) > WORD_LIMIT)
                .map(javadoc -> javadoc.line() + ": " + words(javadoc) + " words: " + javadoc.firstSentence())
                .toList();
    }

    private static long words(Javadoc javadoc) {
        return WORD.matcher(javadoc.firstSentence()).results().count();
    }

    private static List<String> theOwn(String text) {
        return THE_OWN.matcher(text)
                .results()
                .map(found -> SourceTree.line(text, found.start()) + ": " + found.group())
                .toList();
    }

    private static List<String> javadocFaults(Function<String, List<String>> check) {
        return SourceTree.javaFiles().stream()
                .flatMap(file ->
                        check.apply(SourceTree.read(file)).stream().map(fault -> SourceTree.name(file) + ":" + fault))
                .toList();
    }

    private static void assertNone(List<String> faults) {
        assertEquals("", String.join("\n", faults), faults.size() + " places");
    }
}
