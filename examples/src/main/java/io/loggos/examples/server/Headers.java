package io.loggos.examples.server;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.examples.etcd.proto.ResponseHeader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fills the header that each answer of the etcd protocol begins with. Any thread. */
final class Headers {
    /** So long the ballot is taken for the same: asking for it costs more than all the rest of a header. */
    private static final long BALLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What all answers of a moment have in common. */
    private record Common(ResponseHeader header, long asOfNanos) {}

    private final Members members;
    private final KeyValueStore store;
    private volatile @Nullable Common common;

    Headers(Members members, KeyValueStore store) {
        this.members = members;
        this.store = store;
    }

    /** For an answer that does not depend on the store's content; its revision is 0. */
    ResponseHeader plain() {
        return at(0);
    }

    /** For an answer as of a revision. */
    ResponseHeader at(long revision) {
        return common().toBuilder().setRevision(revision).build();
    }

    private ResponseHeader common() {
        long now = System.nanoTime();
        Common known = common;
        if (known == null || now - known.asOfNanos > BALLOT_NANOS) {
            known = new Common(
                    ResponseHeader.newBuilder()
                            .setClusterId(members.clusterNumber())
                            .setMemberId(members.self())
                            .setRaftTerm(store.replica().status().ballot().round())
                            .build(),
                    now);
            common = known;
        }
        return known.header;
    }
}
