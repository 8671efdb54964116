package io.loggos.paxos.runtime.replica.state;

import io.loggos.paxos.core.model.DigestMark;
import java.util.ArrayList;
import java.util.List;

/** The digests of a replica that were not reported yet. */
public final class DigestMarks {
    private List<DigestMark> marks = new ArrayList<>();

    public void add(DigestMark mark) {
        marks.add(mark);
    }

    /** Forgets them, because another state takes the place of the one that they are of. */
    public void clear() {
        marks.clear();
    }

    /** Returns those since the last call. */
    public List<DigestMark> take() {
        if (marks.isEmpty()) {
            return List.of();
        }
        List<DigestMark> taken = marks;
        marks = new ArrayList<>();
        return taken;
    }
}
