package io.loggos.examples.server.etcd;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.examples.etcd.proto.ResponseHeader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fills the header at the beginning of each answer of the etcd protocol. Any thread. */
public final class Headers {
    /** Longest time for which a ballot is reused. Reading it costs more than the rest of a header. */
    private static final long BALLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The part of the header that is the same for all answers at one moment. */
    private record Common(ResponseHeader header, long asOfNanos) {}

    private final Members members;
    private final KeyValueStore store;
    private volatile @Nullable Common common;

    public Headers(Members members, KeyValueStore store) {
        this.members = members;
        this.store = store;
    }

    /** Returns a header for an answer that does not depend on the content of the store; its revision is 0. */
    ResponseHeader plain() {
        return at(0);
    }

    /** Returns a header for an answer as of a revision. */
    public ResponseHeader at(long revision) {
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
