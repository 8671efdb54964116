package io.loggos.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Rules for the packages of every module. Modules that are built after this one test themselves with them. */
public final class PackageRules {
    /** Each package, by its full name, is a slice of its own. */
    public static final ArchRule NO_CYCLES =
            slices().matching("io.loggos.(**)").should().beFreeOfCycles();

    public static final ArchRule NOTHING_INTERNAL =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.loggos.internal..");

    /** A default locale may have digits or letters of its own, which then stand in names of files and on the wire. */
    public static final ArchRule LOCALE_IS_NAMED = noClasses()
            .should()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(PrintStream.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase");

    private PackageRules() {}

    /** The main classes of a module. */
    public static JavaClasses mainClasses(String module) {
        return imported(SourceTree.classes(module));
    }

    /** The classes of a module, those of its tests with them. */
    public static JavaClasses allClasses(String module) {
        return imported(SourceTree.classes(module), SourceTree.testClasses(module));
    }

    private static JavaClasses imported(Path... folders) {
        JavaClasses classes = ArchConfiguration.withThreadLocalScope(configuration -> {
            // Names of foreign classes are enough, and reading them all would take much longer.
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter().importPaths(folders);
        });
        if (classes.isEmpty()) {
            throw new IllegalStateException("no compiled class in " + List.of(folders));
        }
        return classes;
    }
}
