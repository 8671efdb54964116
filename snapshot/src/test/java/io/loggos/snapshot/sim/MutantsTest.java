package io.loggos.snapshot.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checkers are trusted because each of these bugs, planted one at a time, is caught by them. The nodes notice
 * some bugs themselves, from the numbers of the links. Then the checkers find that no snapshot becomes complete in
 * calm.
 */
class MutantsTest {
    private static final int MOST_SEEDS = 1000;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "markers travel on a lane of their own, and overtake what is in their frame",
                        "IncomingLink.java",
                        """
                                for (int i = 0; i < data.messages().size(); i++) {
                                    long number = data.first() + i;
                        """,
                        """
                                java.util.function.Predicate<io.loggos.api.Bytes> isMarker =
                                        message -> message.at(0) == 3 && message.at(2) == 1;
                                for (int i = 0; i < data.messages().size(); i++) {
                                    if (isMarker.test(data.messages().get(i)) && data.first() + i > received) {
                                        listener.onMessage(peer, data.first() + i, data.messages().get(i));
                                    }
                                }
                                for (int i = 0; i < data.messages().size(); i++) {
                                    long number = data.first() + i;
                                    if (isMarker.test(data.messages().get(i)) && number > received) {
                                        received = number;
                                        continue;
                                    }
                        """),
                new Mutant(
                        "a message slips in between the state and the markers",
                        "SnapshotProcess.java",
                        "return effects.recordState(id);",
                        "String reason = effects.recordState(id);"
                                + " others(open.get(id).view).forEach(o -> effects.send(o, new SnapshotMessage.Kept(id)));"
                                + " return reason;"),
                new Mutant(
                        "the state is recorded when the channels are, and not with the first marker",
                        "ChandyLamport.java",
                        """
                                String refusal = effects.recordState(id);
                                if (!refusal.isEmpty()) {
                                    damage(id, refusal);
                                    return;
                                }
                                for (Map.Entry<P, Channels.Position> channel : recording.sent().entrySet()) {
                                    P other = channel.getKey();
                                    Channels.Position marker = channel.getValue().next();
                                    effects.sendMarker(other, id, marker.number());
                                    if (!channels.sent(other).equals(marker)) {
                                        damage(id, "the marker to " + other + " is not the next message on its channel, or there is none");
                                        return;
                                    }
                                }
                                settle(id, recording, null);
                            }

                            private void settle(SnapshotId id, Recording<P, M> recording, @Nullable String wrong) {
                                if (wrong != null) {
                                    damage(id, wrong);
                                } else if (recording.isComplete() && recordings.remove(id) != null) {
                        """,
                        """
                                for (Map.Entry<P, Channels.Position> channel : recording.sent().entrySet()) {
                                    P other = channel.getKey();
                                    Channels.Position marker = channel.getValue().next();
                                    effects.sendMarker(other, id, marker.number());
                                    if (!channels.sent(other).equals(marker)) {
                                        damage(id, "no channel");
                                        return;
                                    }
                                }
                                settle(id, recording, null);
                            }

                            private void settle(SnapshotId id, Recording<P, M> recording, @Nullable String wrong) {
                                if (wrong != null) {
                                    damage(id, wrong);
                                } else if (recording.isComplete() && recordings.remove(id) != null) {
                                    effects.recordState(id);
                        """),
                new Mutant(
                        "a late marker of an aborted snapshot is accepted",
                        "SnapshotProcess.java",
                        "} else if (past.contains(id)) {",
                        "} else if (false) {"),
                new Mutant(
                        "an abort is forgotten where its snapshot has not begun",
                        "SnapshotProcess.java",
                        """
                                } else {
                                    past.add(abort.id());
                                }
                        """,
                        "        }\n"),
                new Mutant(
                        "a marker of another snapshot ends a channel",
                        "ChandyLamport.java",
                        "String wrong = recording == null ? null : recording.message(from, number, message);",
                        "String wrong = recording == null ? null"
                                + " : markerOf != null ? recording.marker(from, number)"
                                + " : recording.message(from, number, message);"),
                new Mutant(
                        "markers of other snapshots are not messages",
                        "ChandyLamport.java",
                        "id.equals(markerOf) ? null : recordings.get(id);",
                        "markerOf != null ? null : recordings.get(id);"),
                new Mutant("a marker ends the channel of another node", "Recording.java", """
                            String marker(P from, long number) {
                                Channel<M> channel = incoming.get(from);
                        """, """
                            String marker(P from, long number) {
                                Channel<M> channel = incoming.lastEntry().getValue();
                        """),
                new Mutant(
                        "the number in a marker is off by one",
                        "ChandyLamport.java",
                        "effects.sendMarker(other, id, marker.number());",
                        "effects.sendMarker(other, id, marker.number() + 1);"),
                new Mutant(
                        "a channel begins one message early",
                        "Recording.java",
                        "new Channel<>(received.generation(), received.number() + 1)",
                        "new Channel<>(received.generation(), received.number())"),
                new Mutant(
                        "what is sent is counted with the marker",
                        "Recording.java",
                        "sent.put(other, channels.sent(other));",
                        "sent.put(other, channels.sent(other).next());"),
                new Mutant(
                        "the channel of the first marker is open",
                        "ChandyLamport.java",
                        "cut(id, new Recording<>(others, channels, from));",
                        "cut(id, new Recording<>(others, channels));"),
                new Mutant(
                        "every channel is empty",
                        "core/Channel.java",
                        """
                                if (number != next()) {
                                    return "marker " + number + " where " + next() + " was to come";
                                }
                                marker = number;
                        """,
                        "        messages.clear();\n        marker = number;\n"),
                new Mutant(
                        "it is recorded once one marker has come",
                        "Recording.java",
                        "return open == 0;",
                        "return open < Math.max(1, incoming.size());"),
                new Mutant(
                        "the end of a link's generation aborts nothing",
                        "SnapshotProcess.java",
                        "if (snapshot.view.contains(peer)) {",
                        "if (false) {"),
                new Mutant(
                        "a change of the view aborts nothing",
                        "SnapshotProcess.java",
                        "abort(snapshot, \"the view of the nodes has changed\");",
                        ""),
                new Mutant(
                        "a marker of another view begins a snapshot",
                        "SnapshotProcess.java",
                        "!now.id().equals(marker.view())",
                        "false"),
                new Mutant(
                        "it is complete before all parts are there",
                        "OpenSnapshot.java",
                        "return parts.keySet().containsAll(view.members());",
                        "return parts.size() >= view.members().size() - 1;"),
                new Mutant(
                        "the initiator does not wait until its word is delivered",
                        "SnapshotProcess.java",
                        "effects.multicast(new SnapshotMessage.Complete(id, manifest, snapshot.retained));",
                        "SnapshotMessage.Complete done = new SnapshotMessage.Complete(id, manifest, snapshot.retained);"
                                + " effects.multicast(done); onComplete(done);"),
                new Mutant(
                        "of complete and abort the last counts",
                        "SnapshotProcess.java",
                        "if (snapshot != null && isUndecided(abort.id())) {",
                        "if (snapshot != null) {"),
                new Mutant(
                        "a part that is visible early is not counted",
                        "SnapshotProcess.java",
                        """
                                is complete.
                                        if (snapshot != null && snapshot.publishing.remove(from)) {
                                """,
                        "is complete.\n        if (snapshot != null && snapshot.phase == OpenSnapshot.Phase.COMPLETE"
                                + " && snapshot.publishing.remove(from)) {"),
                new Mutant(
                        "the initiator waits for whom it may not hear any more",
                        "SnapshotProcess.java",
                        "            lose(snapshot, peer);\n",
                        ""),
                new Mutant(
                        "who is lost counts as having kept its part",
                        "SnapshotProcess.java",
                        "            snapshot.lost = node + \" was lost before its part was visible\";\n",
                        ""));
    }

    @Test
    void nothingIsFoundWhereNoBugIsPlanted() {
        assertEquals("", SimRun.firstViolation(0, 100));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SimRun.class, 0, MOST_SEEDS);
    }
}
