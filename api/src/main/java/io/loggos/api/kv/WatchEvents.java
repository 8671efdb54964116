package io.loggos.api.kv;

import java.util.List;

/**
 * The next changes of a watch, in the order of their revisions. All changes of a revision are in one batch, in the order
 * in which its command made them. Their list is empty in a report of progress.
 *
 * @param revision the bookmark: the subscriber has now received every event up to this revision, and none above it. A
 *     watch from {@code revision + 1} goes on without a gap, at any replica
 * @param events the changes
 */
public record WatchEvents(long revision, List<WatchEvent> events) {
    public WatchEvents {
        events = List.copyOf(events);
    }
}
