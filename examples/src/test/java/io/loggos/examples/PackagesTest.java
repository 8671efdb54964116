package io.loggos.examples;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.loggos.architecture.PackageRules;
import org.junit.jupiter.api.Test;

/** The packages of this module, and the packages of the library that it may use. */
class PackagesTest {
    private static final JavaClasses CLASSES = PackageRules.mainClasses("examples");

    @Test
    void packagesFormNoCycle() {
        PackageRules.NO_CYCLES.check(CLASSES);
    }

    @Test
    void nothingInternalToTheLibraryIsUsed() {
        PackageRules.NOTHING_INTERNAL.check(CLASSES);
    }
}
