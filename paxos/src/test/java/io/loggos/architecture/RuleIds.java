package io.loggos.architecture;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ids of rules in a text.
 *
 * <p>An id is the letters of a family and a number of one or two digits: faults and corner cases with a hyphen
 * ({@code B C D F L M N O P R S SS T V X}), predicates of the simulations without one ({@code CL MP VS}). A word that an
 * id is only a part of is none, nor is a family without its hyphen: the write point {@code P2} and the node {@code N1}
 * are not rules. Two ids of a family with "to" or a dash between them cite all from the first to the last.
 */
final class RuleIds {
    private static final String ID = "(?:(?:[BCDFLMNOPRSTVX]|SS)-|CL|MP|VS)[0-9]{1,2}";
    private static final String BEFORE = "(?<![\\w-])";
    private static final String AFTER = "(?!\\w)";
    private static final Pattern CITED = Pattern.compile(BEFORE + ID + AFTER);
    private static final Pattern RANGE =
            Pattern.compile(BEFORE + "(" + ID + ")(?:\\s*[–—]\\s*|-|[\\s*]+to[\\s*]+)(" + ID + ")" + AFTER);
    private static final Pattern HTML_TAG = Pattern.compile("</?[a-zA-Z][^>]*>");
    private static final Pattern DEFINED =
            Pattern.compile("(?m)^(?:#{1,6}[ \\t]+|\\|[ \\t]*)[`*]{0,3}(" + ID + ")(?![\\w–—-])");

    private RuleIds() {}

    /** The ids that a text cites, those inside of a range included. */
    static Set<String> cited(String text) {
        Set<String> ids =
                CITED.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            String family = family(range.group(1));
            if (family.equals(family(range.group(2)))) {
                for (int number = number(range.group(1)); number <= number(range.group(2)); number++) {
                    ids.add(family + number);
                }
            }
        }
        return ids;
    }

    /** The ids that a list of rules defines: a heading or the row of a table begins with each. */
    static Set<String> defined(String markdown) {
        return DEFINED.matcher(HTML_TAG.matcher(markdown).replaceAll(""))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String family(String id) {
        return id.replaceFirst("[0-9]+$", "");
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(family(id).length()));
    }
}
