package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is asked of the files themselves, in all seven modules, beyond what the formatter and the compiler see. */
class SourceTreeTest {
    private static final int LINE_LIMIT = 500;
    private static final Pattern DUMP = Pattern.compile(".*(Util|Utils|Helper|Manager)(Test)?\\.java");
    private static final Pattern CORE = Pattern.compile(".*[/\\\\]core[/\\\\].*");
    private static final Pattern SYNCHRONIZED_BLOCK = Pattern.compile("(?m)^\\s*synchronized\\s*\\(");

    private final List<Path> main = SourceTree.javaFiles("src/main/java");
    private final List<Path> all = Stream.concat(main.stream(), SourceTree.javaFiles("src/test/java").stream())
            .toList();

    @Test
    void noFileIsLongerThanTheLimit() {
        assertNone(
                "over " + LINE_LIMIT + " lines",
                all,
                file -> SourceTree.read(file).lines().count() > LINE_LIMIT);
    }

    @Test
    void noFileIsADumpByItsName() {
        assertNone(
                "named Util, Utils, Helper or Manager",
                all,
                file -> DUMP.matcher(file.toString()).matches());
    }

    /** ArchUnit sees methods that are synchronized; a block leaves no trace that it reads. */
    @Test
    void coreHasNoSynchronizedBlock() {
        assertNone(
                "in a core package with a synchronized block",
                main,
                file -> CORE.matcher(file.toString()).matches()
                        && SYNCHRONIZED_BLOCK.matcher(SourceTree.read(file)).find());
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        List<Path> packages = main.stream()
                .map(Path::getParent)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        assertNone("without a package-info that has a paragraph and @NullMarked", packages, folder -> {
            Path info = folder.resolve("package-info.java");
            return !Files.exists(info)
                    || !SourceTree.read(info).contains("/**")
                    || !SourceTree.read(info).contains("@NullMarked");
        });
    }

    @Test
    void everyModuleHasAReadme() {
        List<Path> modules = SourceTree.MODULES.stream().map(SourceTree::module).toList();
        assertNone("without a README.md", modules, module -> !Files.exists(module.resolve("README.md")));
    }

    private static void assertNone(String fault, List<Path> paths, Predicate<Path> faulty) {
        List<String> found = paths.stream().filter(faulty).map(SourceTree::name).toList();
        assertEquals(List.of(), found, fault);
    }
}
