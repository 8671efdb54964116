package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.loggos.architecture.planted.left.Left;
import io.loggos.architecture.planted.right.Right;
import io.loggos.internal.planted.Hidden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackageRulesTest {
    private static final JavaClasses PLANTED =
            new ClassFileImporter().importClasses(Left.class, Right.class, Hidden.class);

    private static final DescribedPredicate<JavaClass> NOT_PLANTED =
            DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.loggos..planted.."));

    @ParameterizedTest
    @MethodSource("modules")
    void packagesFormNoCycle(String module) {
        PackageRules.NO_CYCLES.check(PackageRules.mainClasses(module));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void textIsMadeInANamedLocale(String module) {
        PackageRules.LOCALE_IS_NAMED.check(PackageRules.allClasses(module).that(NOT_PLANTED));
    }

    @Test
    void findsTextInTheLocaleOfTheMachine() {
        fails(PackageRules.LOCALE_IS_NAMED, "java.lang.String.format(java.lang.String, [Ljava.lang.Object;)");
    }

    @Test
    void findsACycle() {
        fails(PackageRules.NO_CYCLES, "Slice architecture.planted.left", "Slice architecture.planted.right");
    }

    @Test
    void findsAUseOfAnInternalPackage() {
        fails(PackageRules.NOTHING_INTERNAL, "io.loggos.internal.planted.Hidden");
    }

    static List<String> modules() {
        return SourceTree.LIBRARY;
    }

    private static void fails(ArchRule rule, String... named) {
        AssertionError error = assertThrows(AssertionError.class, () -> rule.check(PLANTED));
        for (String name : named) {
            assertTrue(error.getMessage().contains(name), error.getMessage());
        }
    }
}
