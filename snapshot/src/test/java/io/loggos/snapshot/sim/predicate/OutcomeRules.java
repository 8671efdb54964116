package io.loggos.snapshot.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Journal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * CL5: a snapshot ends once at each node that takes part, and in the same way at all that go on together. Nothing is made
 * visible that was not found to be whole. An excluded node may have given up what the others completed.
 */
public final class OutcomeRules {
    /** Phase of a snapshot at one node. */
    private enum Phase {
        UNDECIDED,
        COMPLETE,
        OVER
    }

    private static final class Story {
        final View view;
        final Map<Book, Phase> phases = new LinkedHashMap<>();
        boolean verified;
        /** Nodes whose part has become visible, whatever they have become since. */
        final TreeSet<NodeId> visible = new TreeSet<>();

        boolean lost;

        /** True if it is complete, false if it was given up, null as long as that is undecided. */
        @Nullable
        Boolean complete;

        Story(View view) {
            this.view = view;
        }
    }

    private final Journal journal;
    private final boolean calm;
    private final TreeMap<SnapshotId, Story> stories = new TreeMap<>();

    OutcomeRules(Journal journal, boolean calm) {
        this.calm = calm;
        this.journal = journal;
    }

    /** An initiator begins. */
    public void begins(SnapshotId id) {
        for (Map.Entry<SnapshotId, Story> other : stories.entrySet()) {
            if (other.getValue().complete == null) {
                boolean same = other.getKey().initiator().equals(id.initiator());
                journal.note(same ? "two snapshots of one initiator at once" : "two initiators at once");
            }
        }
    }

    /** A node records its state. */
    void takesPart(SnapshotId id, View view, Book book) {
        Story story = stories.computeIfAbsent(id, key -> new Story(view));
        Violation.unless(
                story.view.equals(view),
                "CL5",
                () -> id + " is in " + story.view + " and at " + book.node + " in " + view);
        story.phases.put(book, Phase.UNDECIDED);
    }

    /** The cut holds all predicates. */
    void verified(SnapshotId id) {
        story(id).verified = true;
    }

    /** A node makes its part visible. */
    public void complete(SnapshotId id, Book book) {
        Story story = story(id);
        Violation.unless(story.verified, "CL5", () -> id + " is complete and was not verified");
        move(id, book, Phase.UNDECIDED, Phase.COMPLETE);
        decide(id, true);
        journal.note("a part is made visible");
    }

    /** The part of a node has become visible. */
    public void visible(SnapshotId id, Book book) {
        story(id).visible.add(book.node);
    }

    /** A node is told that all is done; the initiator may tell its caller that all parts are there. */
    public void completed(SnapshotId id, Book book) {
        move(id, book, Phase.COMPLETE, Phase.OVER);
        Story story = story(id);
        Violation.unless(
                !book.node.equals(id.initiator()) || story.visible.containsAll(story.view.members()),
                "CL5",
                () -> id + " is called complete, and visible at " + story.visible + " of " + story.view);
    }

    /** The initiator gives a complete snapshot up, since it does not know if all parts are there. */
    public void lost(SnapshotId id, Book book, String reason) {
        move(id, book, Phase.COMPLETE, Phase.OVER);
        Violation.unless(book.node.equals(id.initiator()), "CL5", () -> id + " is lost at " + book.node);
        Violation.unless(!calm, "liveness", () -> id + " was lost in calm: " + reason);
        story(id).lost = true;
        journal.note("lost: a node was lost before its part was visible");
    }

    /** Nodes delete only what the initiator has given up. */
    public void deleted(SnapshotId id) {
        Violation.unless(story(id).lost, "CL5", () -> "nobody has lost " + id + ", and it is deleted");
    }

    /** @param together whether the node goes on with the others */
    public void aborted(SnapshotId id, Book book, String reason, boolean together) {
        move(id, book, Phase.UNDECIDED, Phase.OVER);
        if (together) {
            decide(id, false);
        }
        Violation.unless(!calm, "liveness", () -> id + " was given up in calm: " + reason);
        String kind = reason.replaceAll("n\\d+", "n").replaceAll("\\d+", "#");
        journal.note("aborted: " + kind);
    }

    /** A node has another view, in which no snapshot of an earlier one goes on undecided. */
    public void changed(Book book, @Nullable View next) {
        stories.forEach((id, story) -> {
            boolean here = next != null && next.equals(story.view);
            Violation.unless(
                    here || story.phases.get(book) != Phase.UNDECIDED,
                    "CL5",
                    () -> id + " goes on at " + book.node + " when its view is over");
        });
    }

    /** Returns the snapshots that are not over at one of these lives. */
    public List<SnapshotId> open(List<Book> lives) {
        return stories.entrySet().stream()
                .filter(entry -> lives.stream()
                        .map(entry.getValue().phases::get)
                        .anyMatch(phase -> phase == Phase.UNDECIDED || phase == Phase.COMPLETE))
                .map(Map.Entry::getKey)
                .toList();
    }

    public boolean isComplete(SnapshotId id) {
        return Boolean.TRUE.equals(story(id).complete);
    }

    private void move(SnapshotId id, Book book, Phase from, Phase to) {
        Phase phase = story(id).phases.put(book, to);
        Violation.unless(phase == from, "CL5", () -> id + " was " + phase + " at " + book.node + " and is " + to);
    }

    private void decide(SnapshotId id, boolean complete) {
        Story story = story(id);
        Boolean other = story.complete;
        Violation.unless(
                other == null || other == complete,
                "CL5",
                () -> id + " is complete at one node and given up at another");
        story.complete = complete;
    }

    private Story story(SnapshotId id) {
        Story story = stories.get(id);
        if (story == null) {
            throw new Violation("CL5", "nobody takes part in " + id);
        }
        return story;
    }
}
