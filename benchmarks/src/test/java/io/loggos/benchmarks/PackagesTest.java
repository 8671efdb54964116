package io.loggos.benchmarks;

import io.loggos.architecture.PackageRules;
import org.junit.jupiter.api.Test;

/** The packages of the library that this module may use. */
class PackagesTest {
    @Test
    void nothingInternalToTheLibraryIsUsed() {
        PackageRules.NOTHING_INTERNAL.check(PackageRules.allClasses("benchmarks"));
    }
}
