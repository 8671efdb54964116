package io.loggos.examples.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events of one member, from its first primary view of all members on.
 *
 * @param views the views and the messages delivered in each, in order
 * @param isComplete true if no more events can follow
 */
record GroupRecord(List<Section> views, boolean isComplete) {
    /** A view as text, with its members by seniority and its messages. */
    record Section(String view, List<Integer> members, List<Message> messages) {}

    /** The text of a message, with its sender. */
    record Message(int sender, String text) {}

    static GroupRecord of(List<String> lines) {
        List<Section> views = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("view")) {
                List<Integer> members = members(line);
                boolean primary = !line.contains("not primary");
                if (!views.isEmpty() || (primary && members.size() == KillEndToEndTest.MEMBERS)) {
                    views.add(new Section(line, members, new ArrayList<>()));
                }
            } else if (words[0].equals("message") && !views.isEmpty()) {
                last(views).messages.add(new Message(number(words[1]), words[2]));
            } else if (words[0].equals("complete")) {
                return new GroupRecord(views, true);
            } else {
                throw new AssertionError("unexpected: " + line);
            }
        }
        return new GroupRecord(views, false);
    }

    /** Returns the number of members in the last view; 0 before the first view. */
    int members() {
        return views.isEmpty() ? 0 : last(views).members.size();
    }

    /** Returns the number of messages in the last view. */
    int delivered() {
        return views.isEmpty() ? 0 : last(views).messages.size();
    }

    /** Returns all texts by their senders, in order. */
    Map<Integer, List<String>> bySender() {
        TreeMap<Integer, List<String>> texts = new TreeMap<>();
        for (Section section : views) {
            for (Message message : section.messages) {
                texts.computeIfAbsent(message.sender, sender -> new ArrayList<>())
                        .add(message.text);
            }
        }
        return texts;
    }

    private static Section last(List<Section> views) {
        return views.get(views.size() - 1);
    }

    private static List<Integer> members(String line) {
        List<Integer> members = new ArrayList<>();
        for (String member :
                line.substring(line.indexOf('[') + 1, line.indexOf(']')).split(", ", -1)) {
            members.add(number(member));
        }
        return members;
    }

    private static int number(String node) {
        return Integer.parseInt(node.substring(1));
    }
}
