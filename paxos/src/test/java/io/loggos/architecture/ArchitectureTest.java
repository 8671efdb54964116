package io.loggos.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies that are allowed: between modules, and on the internal packages of a module. */
class ArchitectureTest {
    private static final String[] LANGUAGE = {"java..", "org.jspecify..", "com.google.errorprone.annotations.."};
    /** The library's own tools, in the module {@code api}; every module of the library may use them. */
    private static final String INTERNAL = "io.loggos.internal..";

    private static final JavaClasses LIBRARY = new ClassFileImporter().importPaths(SourceTree.libraryClasses());

    @Test
    void thereIsSomethingToLookAt() {
        assertFalse(LIBRARY.isEmpty(), "no compiled class of the library was found");
    }

    @Test
    void apiStandsOnTheLanguageAlone() {
        check(module("api"));
        check(packages(INTERNAL, "io.loggos.api.."));
    }

    @Test
    void storageStandsOnApi() {
        check(module(
                "storage",
                "io.loggos.api..",
                "io.loggos.internal..",
                "org.rocksdb..",
                "org.slf4j..",
                "com.sun.nio.file.."));
    }

    @Test
    void multicastStandsOnApi() {
        check(module(
                "multicast",
                "io.loggos.api..",
                "io.loggos.internal..",
                "io.grpc..",
                "javax..",
                "com.sun.management..",
                "org.slf4j.."));
    }

    @Test
    void snapshotStandsOnApiAndMulticast() {
        check(module("snapshot", "io.loggos.api..", "io.loggos.internal..", "io.loggos.multicast..", "org.slf4j.."));
    }

    @Test
    void paxosStandsOnAllOfThem() {
        check(module(
                "paxos",
                "io.loggos.api..",
                "io.loggos.internal..",
                "io.loggos.storage..",
                "io.loggos.multicast..",
                "io.loggos.snapshot..",
                "io.micrometer.core..",
                "org.slf4j.."));
    }

    @Test
    void rocksDbStaysInItsPackages() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.loggos.storage..rocksdb..", "io.loggos.storage..kv..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb.."));
    }

    @Test
    void grpcStaysInItsPackages() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.loggos..grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google.protobuf.."));
    }

    /** The assembly of a node, {@code paxos.runtime}, is the one place that knows every part from inside. */
    @ParameterizedTest
    @MethodSource("modules")
    void internalPackagesAreUsedInTheirModuleOnly(String module) {
        String own = "io.loggos." + module;
        check(noClasses()
                .that()
                .resideOutsideOfPackages(own + "..", "io.loggos.paxos.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        own + "..core..",
                        own + "..runtime..",
                        own + "..wire..",
                        own + "..grpc..",
                        own + "..rocksdb.."));
    }

    @Test
    void noClassIsADumpByItsName() {
        check(noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager)"));
    }

    static Stream<String> modules() {
        return SourceTree.LIBRARY.stream();
    }

    private static ArchRule module(String name, String... others) {
        return packages("io.loggos." + name + "..", others);
    }

    private static ArchRule packages(String own, String... others) {
        String[] allowed = Stream.of(Stream.of(own, INTERNAL), Stream.of(LANGUAGE), Stream.of(others))
                .flatMap(packages -> packages)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(LIBRARY);
    }
}
