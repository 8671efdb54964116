package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every relative link in a Markdown file leads to a file, and to an anchor of it where it names one. */
class LinksInMarkdownTest {
    @TempDir
    Path root;

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> faults = SourceTree.markdownFiles().stream()
                .flatMap(file -> new MarkdownFile(SourceTree.root(), file)
                        .brokenLinks().stream().map(fault -> SourceTree.name(file) + ": " + fault))
                .toList();
        assertEquals("", String.join("\n", faults), faults.size() + " links");
    }

    @Test
    void findsALinkThatLeadsNowhere() throws IOException {
        write("sub/B.md", "# There\n## Two `words` & more: *x*_y\n## There\n<a id=\"hand\"></a>\n```\n# Not\n```\n");
        write("sub/C.java", "");
        write("target/out.md", "# Out\n");
        MarkdownFile sound = write("A.md", """
                # Here
                [a](sub/B.md) [b](sub/B.md#there) [c](sub/B.md#two-words--more-x_y) [d](sub) [e](#here)
                ![f](sub/C.java "title") [g](https://example.org/x#y) [h](/sub/B.md#there-1) [i](sub/B.md#hand)
                <img src="sub/C.java" alt=""> [j]

                [j]: sub/B.md
                `[k](no)` <!-- [l](no) -->
                ```
                [m](no)
                ```
                """);
        assertEquals(List.of(), sound.brokenLinks());
        MarkdownFile broken = write("A.md", """
                [a](sub/no.md) [b](sub/B.md#their) [c](sub/B.md#not) [d](sub/B.md#there-2)
                [e](sub/C.java#L1) [f](sub#there) [g](#gone) [h](../up.md) [i](target/out.md)
                <img src="no.svg">

                [j]: no-reference
                """);
        assertEquals(
                List.of(
                        "sub/no.md: no such file",
                        "sub/B.md#their: no such anchor",
                        "sub/B.md#not: no such anchor",
                        "sub/B.md#there-2: no such anchor",
                        "sub/C.java#L1: an anchor in what is no Markdown file",
                        "sub#there: an anchor in what is no Markdown file",
                        "#gone: no such anchor",
                        "../up.md: outside of the repository",
                        "target/out.md: build output",
                        "no-reference: no such file",
                        "no.svg: no such file"),
                broken.brokenLinks());
    }

    @Test
    void namesAnchorsAsGitHubDoes() throws IOException {
        assertEquals(
                Set.of("q-5-phase-1", "über-alles", "a-link", "a-link-1"),
                write("A.md", "# Q-5: phase 1\n## Über alles!\n### [a link](x.md)\n### A link ###\n#no heading\n")
                        .anchors());
    }

    private MarkdownFile write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return new MarkdownFile(root, file);
    }
}
