package io.loggos.paxos.runtime.replica.state;

import io.loggos.paxos.core.model.DigestMark;
import java.util.ArrayList;
import java.util.List;

/** The digests of a replica that its protocol does not know yet (RULES.md B-8). On the apply thread. */
public final class DigestMarks {
    private List<DigestMark> marks = new ArrayList<>();

    /** Adds the digests behind a slot. */
    public void add(DigestMark mark) {
        marks.add(mark);
    }

    /** Drops all. */
    public void clear() {
        marks.clear();
    }

    /** Returns those that were added since the last call. */
    public List<DigestMark> take() {
        if (marks.isEmpty()) {
            return List.of();
        }
        List<DigestMark> taken = marks;
        marks = new ArrayList<>();
        return taken;
    }
}
