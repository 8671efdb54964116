package io.loggos.architecture;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown file with its anchors, as GitHub names them, and its links that lead to other files or anchors. */
final class MarkdownFile {
    private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*(```+|~~~+).*?(^\\s*\\1\\s*$|\\z)");
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
    private static final Pattern CODE = Pattern.compile("(`+)(?!`)(.+?)(?<!`)\\1(?!`)", Pattern.DOTALL);
    private static final Pattern INLINE_LINK =
            Pattern.compile("]\\(\\s*<?([^)>\\s]+)>?(?:\\s+(?:\"[^\"]*\"|'[^']*'))?\\s*\\)");
    private static final Pattern REFERENCE = Pattern.compile("(?m)^ {0,3}\\[[^]]+]:\\s*<?([^\\s>]+)>?");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(?:href|src|srcset)\\s*=\\s*\"([^\"\\s]+)[^\"]*\"");
    private static final Pattern ID = Pattern.compile("<[a-z]+[^>]*\\s(?:id|name)\\s*=\\s*\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6}[ \\t]+(.*?)[ \\t]*#*[ \\t]*$");
    private static final Pattern LINK_TEXT = Pattern.compile("!?\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern HTML_TAG = Pattern.compile("</?[a-zA-Z][^>]*>");
    private static final Pattern SCHEME = Pattern.compile("(?i)^([a-z][a-z0-9+.-]*:|//).*");
    private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_ -]");

    private final Path root;
    private final Path file;
    private final String text;

    MarkdownFile(Path root, Path file) {
        this.root = root;
        this.file = file;
        this.text = COMMENT.matcher(FENCED.matcher(SourceTree.read(file)).replaceAll("\n"))
                .replaceAll("");
    }

    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        ID.matcher(text).results().forEach(found -> anchors.add(found.group(1)));
        Map<String, Integer> seen = new HashMap<>();
        Matcher headings = HEADING.matcher(text);
        while (headings.find()) {
            String slug = slug(headings.group(1));
            int before = seen.merge(slug, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? slug : slug + "-" + before);
        }
        return anchors;
    }

    /** Targets of all links and pictures, but for those on other hosts. */
    List<String> links() {
        String prose = CODE.matcher(text).replaceAll("");
        List<String> links = new ArrayList<>();
        for (Pattern pattern : List.of(INLINE_LINK, REFERENCE, ATTRIBUTE)) {
            pattern.matcher(prose).results().map(found -> found.group(1)).forEach(links::add);
        }
        links.removeIf(link -> SCHEME.matcher(link).matches());
        return links;
    }

    /** Each link that leads nowhere, with the reason. */
    List<String> brokenLinks() {
        List<String> broken = new ArrayList<>();
        for (String link : links()) {
            String fault = fault(link);
            if (!fault.isEmpty()) {
                broken.add(link + ": " + fault);
            }
        }
        return broken;
    }

    private String fault(String link) {
        int hash = link.indexOf('#');
        String path = URLDecoder.decode(hash < 0 ? link : link.substring(0, hash), StandardCharsets.UTF_8);
        Path from = path.startsWith("/") ? root : file.getParent();
        Path target = path.isEmpty()
                ? file
                : from.resolve(path.replaceFirst("^/+", "")).normalize();
        if (!target.startsWith(root)) {
            return "outside of the repository";
        }
        if (!Files.exists(target)) {
            return "no such file";
        }
        if (root.relativize(target).toString().matches("(.*/)?target(/.*)?")) {
            return "build output";
        }
        if (hash < 0) {
            return "";
        }
        if (!target.toString().endsWith(".md")) {
            return "an anchor in what is no Markdown file";
        }
        boolean there = new MarkdownFile(root, target).anchors().contains(link.substring(hash + 1));
        return there ? "" : "no such anchor";
    }

    private static String slug(String heading) {
        String plain =
                HTML_TAG.matcher(LINK_TEXT.matcher(heading).replaceAll("$1")).replaceAll("");
        String kept = NOT_IN_ANCHOR.matcher(plain.toLowerCase(Locale.ROOT)).replaceAll("");
        return kept.strip().replace(' ', '-');
    }
}
