package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A rule that is cited anywhere is written down in the {@code RULES.md} of a module. */
class RulesTest {
    private static final Pattern NO_SUCH_FILE = Pattern.compile("(?<!\\w)(?:rules|design)\\.md\\b");

    @Test
    void everyCitedRuleIsWrittenDown() {
        Set<String> written = new TreeSet<>();
        for (String module : SourceTree.MODULES) {
            Path rules = SourceTree.module(module).resolve("RULES.md");
            if (Files.exists(rules)) {
                written.addAll(RuleIds.defined(SourceTree.read(rules)));
            }
        }
        Map<String, List<String>> unwritten = new TreeMap<>();
        Stream.concat(SourceTree.javaFiles().stream(), SourceTree.markdownFiles().stream())
                .forEach(file -> RuleIds.cited(SourceTree.read(file)).stream()
                        .filter(id -> !written.contains(id))
                        .forEach(id -> unwritten.merge(
                                id,
                                List.of(SourceTree.name(file)),
                                (some, more) -> Stream.concat(some.stream(), more.stream())
                                        .toList())));
        StringBuilder faults = new StringBuilder();
        unwritten.forEach(
                (id, files) -> faults.append(id).append(" ").append(files).append("\n"));
        assertEquals("", faults.toString(), unwritten.size() + " rules are cited and in no RULES.md");
    }

    @Test
    void nothingCitesAFileOfRulesThatIsNotHere() {
        List<String> faults = SourceTree.textFiles().stream()
                .flatMap(file ->
                        absentFiles(SourceTree.read(file)).stream().map(fault -> SourceTree.name(file) + ":" + fault))
                .toList();
        assertEquals("", String.join("\n", faults), faults.size() + " places");
    }

    @Test
    void findsTheRulesThatATextCites() {
        String p = "P-";
        String mp = "MP";
        String ss = "SS-";
        assertEquals(Set.of(p + 5, mp + 21, ss + 3), RuleIds.cited("(" + p + 5 + ", \"" + mp + "21\"; " + ss + "3)."));
        assertEquals(Set.of(p + 5, p + 6, p + 7), RuleIds.cited("* " + p + "5 to\n * " + p + "7: x"));
        assertEquals(Set.of(mp + 9, mp + 10, mp + 11), RuleIds.cited("| " + mp + "9–" + mp + "11 |"));
        assertEquals(Set.of(p + 5, mp + 7), RuleIds.cited(p + "5 to " + mp + "7"));
        assertEquals(
                Set.of(),
                RuleIds.cited(
                        "P2 N1 V1 A0 K4 UTF-8 SHA-256 CRC-32C RATIS-20 p-5 P-256 MP1x xMP1 " + mp + "123 n-1 P - 1"));
    }

    @Test
    void findsTheRulesThatAListDefines() {
        String p = "P-";
        assertEquals(
                Set.of(p + 1, p + 2, p + 3, p + 4, p + 5),
                RuleIds.defined("# " + p + "1\n### " + p + "2: see " + p + "9\n| " + p + "3 | " + p + "8 |\n|**" + p
                        + "4**|x|\n| <a id=\"x\"></a>" + p + "5 | x |\ntext " + p + "6\n  " + p + "7\n| " + p + "10–"
                        + p
                        + "12 | x |\n| x | " + p + "13 |\n#" + p + "14"));
    }

    @Test
    void findsACitationOfAnAbsentFile() {
        assertEquals(List.of("2: rules" + ".md"), absentFiles("RULES.md\nsee rules" + ".md, 2.1"));
        assertEquals(List.of("1: design" + ".md"), absentFiles("[it](../design" + ".md)"));
        assertEquals(List.of(), absentFiles("snapshot/RULES.md, redesign" + ".md, rules.mdx"));
    }

    private static List<String> absentFiles(String text) {
        return NO_SUCH_FILE
                .matcher(text)
                .results()
                .map(found -> SourceTree.line(text, found.start()) + ": " + found.group())
                .toList();
    }
}
