package io.loggos.examples.server.etcd.watch;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchCreateRequest.FilterType;
import io.loggos.examples.etcd.proto.WatchRequest;
import io.loggos.examples.etcd.proto.WatchResponse;
import io.loggos.examples.server.call.Callers;
import io.loggos.examples.server.call.EtcdErrors;
import io.loggos.examples.server.etcd.Headers;
import io.loggos.examples.server.etcd.Requests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * One gRPC stream with its watches. Requests come on its event loop, events on the thread that serves all watches.
 *
 * <p>A client that does not read has at most some bytes of events under way. A watch whose events find no room is parked:
 * it ends in the store, and begins again at its place once the client has read.
 */
final class WatchStream implements StreamObserver<WatchRequest> {
    private static final int MOST_WATCHES = 1 << 16;
    /** Bytes that may wait for a client that does not read. */
    private static final long MOST_UNREAD_BYTES = 1 << 20;

    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[1]);

    private final ServerCallStreamObserver<WatchResponse> client;
    private final KeyValueStore store;
    private final Callers.Caller caller;
    private final Headers headers;
    private final WatchAnswers answers;
    private final Duration progressEvery;
    private final Consumer<WatchStream> whenEnded;

    // Guarded by this.
    private final Map<Long, StreamWatch> watches = new LinkedHashMap<>();
    private final Set<StreamWatch> parked = new LinkedHashSet<>();
    private final ProgressRound progress = new ProgressRound();
    private long nextId;
    private long unreadBytes;
    private boolean requestWaits;
    private boolean ended;

    WatchStream(
            ServerCallStreamObserver<WatchResponse> client,
            KeyValueStore store,
            Callers.Caller caller,
            Headers headers,
            WatchAnswers answers,
            Duration progressEvery,
            Consumer<WatchStream> whenEnded) {
        this.client = client;
        this.store = store;
        this.caller = caller;
        this.headers = headers;
        this.answers = answers;
        this.progressEvery = progressEvery;
        this.whenEnded = whenEnded;
        client.disableAutoRequest();
        client.setOnReadyHandler(this::whenReady);
        client.setOnCancelHandler(this::abandon);
        client.setOnCloseHandler(this::abandon);
        client.request(1);
    }

    @Override
    public synchronized void onNext(WatchRequest request) {
        if (ended) {
            return;
        }
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> create(request.getCreateRequest());
            case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
            case PROGRESS_REQUEST -> reportProgress();
            case REQUESTUNION_NOT_SET -> {} // etcd ignores it too.
        }
        if (client.isReady()) {
            client.request(1);
        } else {
            requestWaits = true;
        }
    }

    private void create(WatchCreateRequest request) {
        long revision = store.revision();
        ResponseHeader header = headers.at(revision);
        ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
        KeyRange keys = Requests.keys(key, request.getRangeEnd());
        if (request.getStartRevision() < 0) {
            send(WatchAnswers.refused(header, String.valueOf(EtcdErrors.COMPACTED.getDescription())));
        } else if (keys.end() != null && keys.first().compareTo(keys.end()) >= 0) {
            send(WatchAnswers.refused(header, "mvcc: watcher range is empty"));
        } else if (request.getWatchId() != 0 && watches.containsKey(request.getWatchId())) {
            send(WatchAnswers.refused(header, "mvcc: duplicate watch ID provided on the WatchStream"));
        } else if (watches.size() >= MOST_WATCHES) {
            send(WatchAnswers.refused(header, "loggos: a stream has at most " + MOST_WATCHES + " watches"));
        } else {
            long id = request.getWatchId() != 0 ? request.getWatchId() : freeId();
            long from = request.getStartRevision() == 0 ? revision + 1 : request.getStartRevision();
            StreamWatch watch = new StreamWatch(this, id, keys, options(request), request.getFragment(), from);
            begin(watch, header);
        }
    }

    private void begin(StreamWatch watch, ResponseHeader header) {
        KeyValueStore mine;
        try {
            mine = caller.store();
            mine.access().requireRead(watch.keys);
        } catch (AccessException refused) {
            send(WatchAnswers.refused(header, WatchAnswers.reason(refused)));
            return;
        }
        watches.put(watch.id, watch);
        send(WatchAnswers.created(header, watch.id));
        watch.begin(mine);
    }

    private long freeId() {
        while (watches.containsKey(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    private WatchOptions options(WatchCreateRequest request) {
        List<FilterType> filters = request.getFiltersList();
        WatchOptions.Builder options = WatchOptions.builder()
                .previous(request.getPrevKv())
                .puts(!filters.contains(FilterType.NOPUT))
                .deletes(!filters.contains(FilterType.NODELETE))
                .executor(Runnable::run);
        if (request.getProgressNotify()) {
            // Watches that were created together shall not report together.
            long jitter = ThreadLocalRandom.current().nextLong(progressEvery.toMillis() / 10 + 1);
            options.progressEvery(progressEvery.plusMillis(jitter));
        }
        return options.build();
    }

    private void cancel(long id) {
        StreamWatch watch = watches.get(id);
        if (watch != null) {
            watch.end();
            forget(watch);
            send(WatchAnswers.canceled(headers.at(store.revision()), id, ""));
        }
    }

    private void reportProgress() {
        long revision = store.revision();
        if (watches.isEmpty()) {
            send(WatchAnswers.progress(headers.at(revision), WatchAnswers.NO_WATCH));
        } else {
            progress.begin(watches.values(), revision);
            finishProgress();
        }
    }

    /** Sends what the store has delivered to a watch. Returns false if there is no room for it. */
    synchronized boolean deliver(StreamWatch watch, long revision, WatchResponse response, boolean fragment) {
        if (ended) {
            return true;
        }
        if (!client.isReady() && unreadBytes + response.getSerializedSize() > MOST_UNREAD_BYTES) {
            parked.add(watch);
            return false;
        }
        if (response.getEventsCount() == 0 && progress.reported(watch, revision)) {
            finishProgress();
        } else if (fragment) {
            WatchAnswers.inFragments(response, this::send);
        } else {
            send(response);
        }
        return true;
    }

    private void finishProgress() {
        if (progress.isComplete()) {
            send(WatchAnswers.progress(headers.at(progress.end()), WatchAnswers.NO_WATCH));
        }
    }

    /** A watch cannot go on. */
    synchronized void canceled(StreamWatch watch, WatchResponse response) {
        if (!ended) {
            forget(watch);
            send(response);
        }
    }

    private void forget(StreamWatch watch) {
        watches.remove(watch.id);
        parked.remove(watch);
        if (progress.without(watch)) {
            finishProgress();
        }
    }

    WatchResponse events(StreamWatch watch, io.loggos.api.kv.WatchEvents batch) {
        return answers.events(headers.at(batch.revision()), watch.id, batch.events());
    }

    ResponseHeader header() {
        return headers.at(store.revision());
    }

    private void send(WatchResponse response) {
        unreadBytes = client.isReady() ? 0 : unreadBytes + response.getSerializedSize();
        client.onNext(response);
    }

    private synchronized void whenReady() {
        if (ended) {
            return;
        }
        unreadBytes = 0;
        List<StreamWatch> going = List.copyOf(parked);
        parked.clear();
        going.forEach(watch -> {
            watch.begin(caller.again());
            progress.askAgain(watch);
        });
        if (requestWaits) {
            requestWaits = false;
            client.request(1);
        }
    }

    /** Ends the stream with an error. Any thread. */
    synchronized void end(Status status) {
        if (!ended) {
            abandon();
            client.onError(status.asRuntimeException());
        }
    }

    /** The client has sent its last request. As in etcd, its watches go on. */
    @Override
    public void onCompleted() {}

    @Override
    public void onError(Throwable failure) {
        abandon();
    }

    private synchronized void abandon() {
        if (!ended) {
            ended = true;
            watches.values().forEach(StreamWatch::end);
            watches.clear();
            parked.clear();
            whenEnded.accept(this);
        }
    }
}
