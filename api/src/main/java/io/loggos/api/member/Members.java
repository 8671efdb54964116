package io.loggos.api.member;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster, as a node knows them.
 *
 * @param number the number of the configuration: 1 at first, and one more with each change
 * @param members the members, by id
 * @param waitsFor the thing that the last change still waits for, for people; null if it is complete
 */
public record Members(
        long number, List<Member> members, @Nullable String waitsFor) {
    public Members {
        members = List.copyOf(members);
    }
}
