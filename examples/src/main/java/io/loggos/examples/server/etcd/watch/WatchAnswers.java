package io.loggos.examples.server.etcd.watch;

import io.grpc.Status;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.access.AccessException;
import io.loggos.examples.etcd.proto.Event;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.etcd.proto.WatchResponse;
import io.loggos.examples.server.call.AccessErrors;
import io.loggos.examples.server.etcd.RequestChecks;
import io.loggos.examples.server.etcd.Responses;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Builds the responses of watches. An event that goes to many watches is translated once. Any thread. */
final class WatchAnswers {
    /** The number of a watch in a response that is for none, or for all. */
    static final long NO_WATCH = -1;

    /** Size from which a response is sent in parts, as in etcd: that of the largest request and what surrounds it. */
    private static final int FRAGMENT_BYTES = RequestChecks.USUAL_MAX_REQUEST_BYTES + (512 << 10);

    private static final int KNOWN = 4096;

    private record Known(WatchEvent event, Event translated) {}

    private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(KNOWN);

    static WatchResponse created(ResponseHeader header, long id) {
        return WatchResponse.newBuilder()
                .setHeader(header)
                .setWatchId(id)
                .setCreated(true)
                .build();
    }

    /** A watch was not created. */
    static WatchResponse refused(ResponseHeader header, String reason) {
        return WatchResponse.newBuilder()
                .setHeader(header)
                .setWatchId(NO_WATCH)
                .setCreated(true)
                .setCanceled(true)
                .setCancelReason(reason)
                .build();
    }

    /** Returns the reason of a refusal, as the text that Go gives an error of gRPC. */
    static String reason(AccessException refused) {
        Status status = AccessErrors.of(refused);
        String code = Arrays.stream(status.getCode().name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
        return "rpc error: code = " + code + " desc = " + status.getDescription();
    }

    static WatchResponse canceled(ResponseHeader header, long id, String reason) {
        return WatchResponse.newBuilder()
                .setHeader(header)
                .setWatchId(id)
                .setCanceled(true)
                .setCancelReason(reason)
                .build();
    }

    static WatchResponse compacted(ResponseHeader header, long id, long compactRevision) {
        return WatchResponse.newBuilder()
                .setHeader(header)
                .setWatchId(id)
                .setCanceled(true)
                .setCompactRevision(compactRevision)
                .build();
    }

    static WatchResponse progress(ResponseHeader header, long id) {
        return WatchResponse.newBuilder().setHeader(header).setWatchId(id).build();
    }

    WatchResponse events(ResponseHeader header, long id, List<WatchEvent> events) {
        WatchResponse.Builder response =
                WatchResponse.newBuilder().setHeader(header).setWatchId(id);
        events.forEach(event -> response.addEvents(translated(event)));
        return response.build();
    }

    /** Passes on a response in parts below a size, as far as single events allow. */
    static void inFragments(WatchResponse whole, Consumer<WatchResponse> send) {
        if (whole.getSerializedSize() < FRAGMENT_BYTES || whole.getEventsCount() < 2) {
            send.accept(whole);
            return;
        }
        int next = 0;
        while (next < whole.getEventsCount()) {
            WatchResponse.Builder part = whole.toBuilder().clearEvents();
            long bytes = 0;
            do {
                Event event = whole.getEvents(next++);
                part.addEvents(event);
                bytes += event.getSerializedSize();
            } while (next < whole.getEventsCount()
                    && bytes + whole.getEvents(next).getSerializedSize() < FRAGMENT_BYTES);
            send.accept(part.setFragment(next < whole.getEventsCount()).build());
        }
    }

    @SuppressWarnings("ReferenceEquality") // The watches of a change share one event, and comparing values costs more.
    private Event translated(WatchEvent event) {
        int place = (int) (event.revision() % KNOWN);
        Known last = known.get(place);
        if (last != null && last.event == event) {
            return last.translated;
        }
        Event.Builder made = Event.newBuilder().setKv(Responses.keyValue(event.keyValue()));
        if (event.kind() == WatchEvent.Kind.DELETE) {
            made.setType(Event.EventType.DELETE);
        }
        KeyValue previous = event.previous();
        if (previous != null) {
            made.setPrevKv(Responses.keyValue(previous));
        }
        Event translated = made.build();
        known.set(place, new Known(event, translated));
        return translated;
    }
}
