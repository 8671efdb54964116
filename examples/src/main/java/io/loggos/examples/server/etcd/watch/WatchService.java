package io.loggos.examples.server.etcd.watch;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.examples.etcd.proto.WatchGrpc;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import io.loggos.examples.server.call.Callers;
import io.loggos.examples.server.call.EtcdErrors;
import io.loggos.examples.server.call.LeaderRequired;
import io.loggos.examples.server.etcd.Headers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** etcd's Watch service on a replicated store. No method waits. */
public final class WatchService extends WatchGrpc.WatchImplBase implements AutoCloseable {
    /** Time between two reports of progress to a quiet watch that wants them, as in etcd. */
    public static final Duration PROGRESS_EVERY = Duration.ofMinutes(10);
    /** Time between two calls of {@link #lookForLeader}: etcd's usual election timeout. */
    public static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Number of times in a row that no leader is seen before streams end which require one, as in etcd. */
    private static final int MOST_LOOKS = 3;

    private final KeyValueStore store;
    private final Callers callers;
    private final Headers headers;
    private final Duration progressEvery;
    private final WatchAnswers answers = new WatchAnswers();
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();
    private final Set<WatchStream> leaderRequired = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private int looksWithoutLeader;

    public WatchService(KeyValueStore store, Callers callers, Headers headers, Duration progressEvery) {
        this.store = store;
        this.callers = callers;
        this.headers = headers;
        this.progressEvery = progressEvery;
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> client) {
        WatchStream stream = new WatchStream(
                (ServerCallStreamObserver<WatchResponse>) client,
                store,
                callers.caller(),
                headers,
                answers,
                progressEvery,
                this::ended);
        streams.add(stream);
        if (LeaderRequired.isRequired()) {
            leaderRequired.add(stream);
        }
        if (closed) {
            stream.end(EtcdErrors.STOPPED);
        }
        return stream;
    }

    private void ended(WatchStream stream) {
        streams.remove(stream);
        leaderRequired.remove(stream);
    }

    /** Ends the streams that require a leader, if there has been none for some time. One thread. */
    public void lookForLeader() {
        looksWithoutLeader = store.replica().status().leader() == null ? looksWithoutLeader + 1 : 0;
        if (looksWithoutLeader >= MOST_LOOKS) {
            leaderRequired.forEach(stream -> stream.end(EtcdErrors.NO_LEADER));
        }
    }

    /** Ends all streams, so that their clients go on at another member. */
    @Override
    public void close() {
        closed = true;
        Status stopped = EtcdErrors.STOPPED;
        streams.forEach(stream -> stream.end(stopped));
    }
}
