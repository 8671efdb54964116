package io.loggos.benchmarks.commands.growth;

/** Operations that are measured at each size. */
enum GrowthLoad {
    PUT("put"),
    GET("get"),
    /** The first key of all. */
    FIRST("limit 1"),
    /** A hundred keys that follow each other. */
    RANGE("range of 100"),
    /** The number of all keys. */
    COUNT("count"),
    /** Puts, while another client counts all keys again and again. */
    PUT_BESIDE_COUNTS("put beside counts");

    private final String text;

    GrowthLoad(String text) {
        this.text = text;
    }

    /** Returns the name in results. */
    String text() {
        return text;
    }

    boolean writes() {
        return this == PUT || this == PUT_BESIDE_COUNTS;
    }

    /** Returns the operations in flight: a count takes so long that one at a time shows it best. */
    int inFlight(int asked) {
        return this == COUNT ? 1 : asked;
    }
}
