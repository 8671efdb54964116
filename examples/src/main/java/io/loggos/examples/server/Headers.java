package io.loggos.examples.server;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.examples.etcd.proto.ResponseHeader;

/** Fills the header that each answer of the etcd protocol begins with. Any thread. */
final class Headers {
    private final Members members;
    private final KeyValueStore store;

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
        return ResponseHeader.newBuilder()
                .setClusterId(members.clusterNumber())
                .setMemberId(members.self())
                .setRevision(revision)
                .setRaftTerm(store.replica().status().ballot().round())
                .build();
    }
}
