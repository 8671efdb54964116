package io.loggos.examples;

import io.loggos.architecture.PackageRules;
import org.junit.jupiter.api.Test;

/** The packages of this module, and the packages of the library that it may use. */
class PackagesTest {
    @Test
    void packagesFormNoCycle() {
        PackageRules.NO_CYCLES.check(PackageRules.mainClasses("examples"));
    }

    @Test
    void nothingInternalToTheLibraryIsUsed() {
        PackageRules.NOTHING_INTERNAL.check(PackageRules.allClasses("examples"));
    }

    @Test
    void textIsMadeInANamedLocale() {
        PackageRules.LOCALE_IS_NAMED.check(PackageRules.allClasses("examples"));
    }
}
