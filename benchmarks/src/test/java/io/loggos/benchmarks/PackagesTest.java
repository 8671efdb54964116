package io.loggos.benchmarks;

import io.loggos.architecture.PackageRules;
import org.junit.jupiter.api.Test;

/** The packages of this module, and those of the library that it may use. */
class PackagesTest {
    @Test
    void noPackagesFormACycle() {
        PackageRules.NO_CYCLES.check(PackageRules.mainClasses("benchmarks"));
    }

    @Test
    void nothingInternalToTheLibraryIsUsed() {
        PackageRules.NOTHING_INTERNAL.check(PackageRules.allClasses("benchmarks"));
    }

    @Test
    void textIsMadeInANamedLocale() {
        PackageRules.LOCALE_IS_NAMED.check(PackageRules.allClasses("benchmarks"));
    }
}
