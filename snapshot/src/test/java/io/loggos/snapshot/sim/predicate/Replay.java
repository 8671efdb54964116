package io.loggos.snapshot.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.snapshot.sim.predicate.Book.Event;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * CL4 (Chandy and Lamport 1985, theorem 1): the run can be permuted so that everything before the cut comes first. The
 * replay runs the events of each node up to its cut; a message is received only once it was sent. If all of them can happen,
 * the recorded states are those that the permuted run goes through.
 */
final class Replay {
    private static final class Player {
        final Cut cut;
        int next;
        Bank.State state;

        Player(Cut cut) {
            this.cut = cut;
            state = cut.book.initial;
        }
    }

    private final TreeMap<NodeId, Player> players = new TreeMap<>();

    Replay(SortedMap<NodeId, Cut> cuts) {
        cuts.forEach((node, cut) -> players.put(node, new Player(cut)));
    }

    void check() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Player player : players.values()) {
                moved |= play(player);
            }
        }
        for (Player player : players.values()) {
            Cut cut = player.cut;
            Violation.unless(
                    player.next == cut.events,
                    "CL4",
                    () -> cut.id + ": " + cut.node() + " cannot have received message "
                            + cut.book.events.get(player.next).message());
            Violation.unless(
                    player.state.equals(cut.state),
                    "CL4",
                    () -> cut.id + ": " + cut.node() + " comes to " + player.state + ", recorded is " + cut.state);
        }
    }

    /** Runs what can happen at one node; returns whether that was anything. */
    private boolean play(Player player) {
        List<Event> events = player.cut.book.events;
        int begin = player.next;
        while (player.next < player.cut.events && canHappen(events.get(player.next))) {
            Event event = events.get(player.next++);
            BankMessage message = event.message();
            if (message == null) {
                player.state = player.state.worked();
            } else {
                player.state =
                        event.kind() == Book.Kind.SEND ? player.state.sent(message) : player.state.received(message);
            }
        }
        return player.next > begin;
    }

    /** A message of a life that is in the cut must have been sent; others come from outside. */
    private boolean canHappen(Event event) {
        Flow flow = event.flow();
        if (event.kind() != Book.Kind.RECEIVE || flow == null) {
            return true;
        }
        Player sender = players.get(flow.from);
        return sender == null
                || sender.cut.book.life != flow.life
                || flow.sent.get(event.index()).events() < sender.next;
    }
}
