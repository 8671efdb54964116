package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.cut.GroupCut;
import java.util.List;
import java.util.SortedMap;

/**
 * State that a node recorded at its cut, before the states of its replicas are written.
 *
 * @param replicas in the order of their names
 * @param groups in the order of their names
 * @param participants what the application recorded, by name
 */
public record RecordedNode(
        List<RecordedReplica> replicas, List<GroupCut> groups, SortedMap<String, Bytes> participants) {
    public RecordedNode {
        replicas = List.copyOf(replicas);
        groups = List.copyOf(groups);
    }
}
