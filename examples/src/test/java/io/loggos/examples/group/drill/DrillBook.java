package io.loggos.examples.group.drill;

import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import java.util.Arrays;
import java.util.List;

/**
 * The messages that one member has sent and received in one group. It checks each message against those before it.
 *
 * <p>A message says which of its sender's messages it is, and how many of each node the sender had received.
 */
final class DrillBook {
    private final Ordering ordering;
    private int sent;
    private final int[] received = new int[RestoreDrillEndToEndTest.NODES];
    /** Depends on the order of all that was received. */
    private long digest;

    DrillBook(Ordering ordering) {
        this.ordering = ordering;
    }

    static DrillBook parse(Ordering ordering, String text) {
        DrillBook book = new DrillBook(ordering);
        String[] words = text.split(" ", -1);
        book.sent = Integer.parseInt(words[0]);
        book.takeOver(String.join(" ", List.of(words).subList(1, words.length)));
        return book;
    }

    int sent() {
        return sent;
    }

    int received(NodeId from) {
        return received[from.value() - 1];
    }

    long digest() {
        return digest;
    }

    /** Returns the next message of this member. */
    String write() {
        sent++;
        StringBuilder text = new StringBuilder().append(sent);
        Arrays.stream(received).forEach(each -> text.append(' ').append(each));
        return text.toString();
    }

    /** Takes a message; returns what is wrong with its place, or an empty text. */
    String take(NodeId from, String message) {
        int[] words = Arrays.stream(message.split(" ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        String wrong = "";
        if (words[0] != received(from) + 1) {
            wrong = "message " + words[0] + " of " + from + " comes after " + received(from);
        }
        received[from.value() - 1] = words[0];
        for (int node = 0; ordering.isCausal() && node < received.length; node++) {
            if (received[node] < words[node + 1]) {
                wrong = message + " of " + from + " comes before its cause of node " + (node + 1);
            }
        }
        digest = 31 * digest + (from + " " + message).hashCode();
        return wrong;
    }

    /** The received messages, as a newcomer takes it over. */
    String state() {
        StringBuilder text = new StringBuilder();
        Arrays.stream(received).forEach(each -> text.append(each).append(' '));
        return text.append(digest).toString();
    }

    void takeOver(String state) {
        String[] words = state.split(" ", -1);
        for (int node = 0; node < received.length; node++) {
            received[node] = Integer.parseInt(words[node]);
        }
        digest = Long.parseLong(words[received.length]);
    }

    @Override
    public String toString() {
        return sent + " " + state();
    }
}
