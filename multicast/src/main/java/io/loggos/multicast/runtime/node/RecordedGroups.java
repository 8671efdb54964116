package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.cut.GroupCut;
import java.util.List;
import java.util.SortedMap;

/**
 * State of the groups of a node in a global snapshot.
 *
 * @param groups in the order of their names
 * @param participants what the application recorded, by name
 */
public record RecordedGroups(List<GroupCut> groups, SortedMap<String, Bytes> participants) {
    public RecordedGroups {
        groups = List.copyOf(groups);
    }
}
