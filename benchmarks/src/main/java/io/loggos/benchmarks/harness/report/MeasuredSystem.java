package io.loggos.benchmarks.harness.report;

/** A system that benchmarks compare with others: Loggos or a peer. */
public interface MeasuredSystem {
    /** Returns the name, version and durability that records and tables give. */
    Subject subject();

    /** Returns the name that {@code --systems} takes: lower case, no blanks. */
    default String name() {
        return subject().name();
    }
}
