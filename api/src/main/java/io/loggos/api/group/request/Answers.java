package io.loggos.api.group.request;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The end of a request. Each member that was asked is in one of the four collections.
 *
 * @param isEnough true if as many members have answered as the request waited for
 * @param answers the answers, by member
 * @param failures for each member whose listener threw, the text of the exception
 * @param left the members that left the group or failed before they answered. They may have received the request. Of
 *     a member that has lost contact with this node nothing more is known
 * @param silent the members of which nothing came before the request ended
 */
public record Answers(
        boolean isEnough,
        SortedMap<NodeId, Bytes> answers,
        SortedMap<NodeId, String> failures,
        SortedSet<NodeId> left,
        SortedSet<NodeId> silent) {
    public Answers {
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
        left = Collections.unmodifiableSortedSet(new TreeSet<>(left));
        silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
    }
}
