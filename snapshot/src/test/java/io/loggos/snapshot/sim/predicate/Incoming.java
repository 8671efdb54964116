package io.loggos.snapshot.sim.predicate;

import org.jspecify.annotations.Nullable;

/** A generation at its receiving end, whose sender is known from its first message on. */
final class Incoming {
    @Nullable
    Flow flow;

    int received() {
        Flow known = flow;
        return known == null ? 0 : known.received;
    }

    long tokens() {
        Flow known = flow;
        return known == null ? 0 : known.tokensReceived;
    }
}
