package io.loggos.architecture;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for the files themselves, in all seven modules, beyond what the formatter and the compiler see. */
class SourceTreeTest {
    private static final int LINE_LIMIT = 400;
    private static final int PACKAGE_LIMIT = 16;

    private static final Pattern DUMP = Pattern.compile(".*(Util|Utils|Helper|Manager)(Test)?\\.java");
    private static final Pattern CORE = Pattern.compile(".*[/\\\\]core[/\\\\].*");
    private static final Pattern SYNCHRONIZED_BLOCK = Pattern.compile("(?m)^\\s*synchronized\\s*\\(");

    private final List<Path> main = SourceTree.javaFiles("src/main/java");
    private final List<Path> all = SourceTree.javaFiles();

    @TempDir
    Path planted;

    @Test
    void noFileIsLongerThanTheLimit() {
        assertEquals(Set.of(), named(longFiles(all)), "over " + LINE_LIMIT + " lines");
    }

    /** The {@code package-info} does not count. */
    @Test
    void noPackageIsLargerThanTheLimit() {
        assertEquals(Set.of(), named(largePackages(all)), "over " + PACKAGE_LIMIT + " files");
    }

    @Test
    void findsALongFile() throws IOException {
        Path file = plant("A.java", "x\n".repeat(LINE_LIMIT));
        assertEquals(Map.of(), longFiles(List.of(file)));
        plant("A.java", "x\n".repeat(LINE_LIMIT + 1));
        assertEquals(Map.of(file, (long) LINE_LIMIT + 1), longFiles(List.of(file)));
    }

    @Test
    void findsALargePackage() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(plant("package-info.java", ""));
        for (int i = 0; i < PACKAGE_LIMIT; i++) {
            files.add(plant("A" + i + ".java", ""));
        }
        assertEquals(Map.of(), largePackages(files));
        files.add(plant("B.java", ""));
        assertEquals(Map.of(planted, (long) PACKAGE_LIMIT + 1), largePackages(files));
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

    private static Map<Path, Long> longFiles(List<Path> files) {
        return over(
                LINE_LIMIT,
                files.stream()
                        .collect(toMap(
                                identity(),
                                file -> SourceTree.read(file).lines().count())));
    }

    private static Map<Path, Long> largePackages(List<Path> files) {
        return over(
                PACKAGE_LIMIT,
                files.stream()
                        .filter(file -> !file.endsWith("package-info.java"))
                        .collect(groupingBy(Path::getParent, counting())));
    }

    private static Map<Path, Long> over(long limit, Map<Path, Long> sizes) {
        return sizes.entrySet().stream()
                .filter(size -> size.getValue() > limit)
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Set<String> named(Map<Path, Long> sizes) {
        return sizes.keySet().stream().map(SourceTree::name).collect(toCollection(TreeSet::new));
    }

    private Path plant(String name, String text) throws IOException {
        return Files.writeString(planted.resolve(name), text);
    }

    private static void assertNone(String fault, List<Path> paths, Predicate<Path> faulty) {
        List<String> found = paths.stream().filter(faulty).map(SourceTree::name).toList();
        assertEquals(List.of(), found, fault);
    }
}
