package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.NotPrimaryException;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.node.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups, as an application uses them. */
class GroupNodeTest extends GroupNodes {
    private static void awaitMembers(int count, Stream<Group> groups) {
        groups.forEach(group -> within(() -> {
            View view = group.view().orElseThrow();
            assertEquals(count, view.members().size());
            assertTrue(view.primary());
        }));
    }

    private List<Group> join(GroupOptions options, List<Diary> diaries) {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < diaries.size(); i++) {
            groups.add(nodes.get(i).join("talk", options, diaries.get(i)));
        }
        awaitMembers(diaries.size(), groups.stream());
        return groups;
    }

    private static List<Diary> diaries() {
        return List.of(new Diary(), new Diary(), new Diary());
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void allDeliverWhatAnyoneSends(Ordering ordering) {
        List<Diary> diaries = diaries();
        List<Group> groups = join(GroupOptions.of(ordering), diaries);
        int each = 200;
        for (int i = 0; i < each; i++) {
            for (Group group : groups) {
                group.multicast(Bytes.utf8(Integer.toString(i)));
            }
        }
        groups.get(0).multicast(Bytes.utf8("safe"), ordering, Delivery.SAFE);
        groups.get(1).send(NodeId.of(3), Bytes.utf8("for you"));

        within(() -> {
            assertEquals(NODES * each + 1, diaries.get(0).entries.size());
            assertEquals(NODES * each + 1, diaries.get(1).entries.size());
            assertEquals(NODES * each + 2, diaries.get(2).entries.size());
        });
        for (Diary diary : diaries) {
            for (int from = 1; from <= NODES; from++) {
                String prefix = from + ":";
                List<String> numbers = diary.entries.stream()
                        .filter(entry -> entry.startsWith(prefix) && Character.isDigit(entry.charAt(2)))
                        .toList();
                assertEquals(
                        Stream.iterate(0, i -> i + 1)
                                .limit(each)
                                .map(i -> prefix + i)
                                .toList(),
                        numbers);
            }
            diary.entries.remove("2:for you");
        }
        if (ordering.isTotal()) {
            assertEquals(diaries.get(0).entries, diaries.get(1).entries);
            assertEquals(diaries.get(0).entries, diaries.get(2).entries);
        }
    }

    @Test
    void aMemberThatIsClosedIsGoneAtOnce() {
        List<Diary> diaries = diaries();
        List<Group> groups = join(GroupOptions.of(Ordering.FIFO), diaries);
        long before = System.nanoTime();
        nodes.get(2).close();

        awaitMembers(2, groups.stream().limit(2));
        within(() -> assertEquals(
                List.of(NodeId.of(1), NodeId.of(2)),
                nodes.get(0).view().members().stream().sorted().toList()));
        long took = System.nanoTime() - before;
        assertTrue(took < 4 * ELECTION.toNanos(), () -> "took " + took / 1_000_000 + " ms");
        assertThrows(NodeClosedException.class, () -> groups.get(2).multicast(Bytes.utf8("late")));
        groups.get(0).multicast(Bytes.utf8("goes on"));
        within(() -> assertEquals(List.of("1:goes on"), diaries.get(1).entries));
    }

    @Test
    void whoLeftMayJoinAgain() {
        List<Diary> diaries = diaries();
        List<Group> groups = join(GroupOptions.of(Ordering.FIFO), diaries);
        Group left = groups.get(2);
        left.close();
        awaitMembers(2, groups.stream().limit(2));
        assertTrue(left.view().isEmpty());

        Diary again = new Diary();
        Group back = nodes.get(2).join("talk", GroupOptions.of(Ordering.FIFO), again);
        awaitMembers(3, Stream.of(groups.get(0), groups.get(1), back));
        groups.get(0).multicast(Bytes.utf8("welcome"));
        within(() -> assertEquals(List.of("1:welcome"), again.entries));
        assertTrue(diaries.get(2).entries.isEmpty());
    }

    @Test
    void aNewcomerIsGivenTheStateAndEveryMessageAfterIt() throws InterruptedException {
        List<Diary> diaries = diaries();
        GroupOptions options = GroupOptions.of(Ordering.TOTAL);
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            groups.add(nodes.get(i)
                    .join("talk", options.toBuilder().state(diaries.get(i)).build(), diaries.get(i)));
        }
        awaitMembers(2, groups.stream());
        CountDownLatch half = new CountDownLatch(1);
        int messages = 20_000;
        Thread sender = new Thread(() -> {
            for (int i = 0; i < messages; i++) {
                groups.get(0).multicast(Bytes.utf8(Integer.toString(i)));
                if (i == messages / 2) {
                    half.countDown();
                }
            }
        });
        sender.start();
        half.await();
        groups.add(nodes.get(2)
                .join("talk", options.toBuilder().state(diaries.get(2)).build(), diaries.get(2)));
        sender.join();

        awaitMembers(3, groups.stream());
        groups.get(2).multicast(Bytes.utf8("end"));
        for (Diary diary : diaries) {
            within(() -> assertEquals(messages + 1, diary.entries.size()));
        }
        assertEquals(diaries.get(0).entries, diaries.get(2).entries);
        assertEquals(diaries.get(0).entries, diaries.get(1).entries);
    }

    private static void fill(Group group, Bytes message) {
        for (int i = 0; i < 1000; i++) {
            group.multicast(message);
        }
    }

    @Test
    void aSlowListenerHoldsUpTheOthersAndIsThenExcluded() {
        Diary slow = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                try {
                    wakeUp.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onMessage(from, message);
            }
        };
        List<Diary> diaries = List.of(new Diary(), new Diary(), slow);
        GroupOptions options = GroupOptions.builder(Ordering.FIFO)
                .maxMessageBytes(32 << 10)
                .windowBytes(64 << 10)
                .overloadPolicy(OverloadPolicy.FAIL_FAST)
                .sendTimeout(Duration.ofSeconds(1))
                .slowMemberTimeout(Duration.ofSeconds(2))
                .build();
        List<Group> groups = join(options, diaries);
        Bytes message = Bytes.wrap(new byte[16 << 10]);
        assertThrows(OverloadedException.class, () -> fill(groups.get(0), message));
        within(() -> {
            assertThrows(OverloadedException.class, () -> fill(groups.get(0), message));
            assertEquals(2, groups.get(0).view().orElseThrow().members().size());
        });
        within(() -> groups.get(0).multicast(message));
        wakeUp.countDown();

        within(() -> assertFalse(slow.evictions.isEmpty()));
        awaitMembers(3, groups.stream());
        assertEquals(List.of(), diaries.get(0).evictions);
    }

    @Test
    void whoWaitsForRoomSendsOnceThereIsSome() throws InterruptedException {
        Diary slow = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                try {
                    wakeUp.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onMessage(from, message);
            }
        };
        List<Group> groups = join(
                GroupOptions.builder(Ordering.FIFO)
                        .maxMessageBytes(32 << 10)
                        .windowBytes(64 << 10)
                        .build(),
                List.of(slow, new Diary()));
        Bytes message = Bytes.wrap(new byte[16 << 10]);
        int messages = 50;
        Thread sender = new Thread(() -> {
            for (int i = 0; i < messages; i++) {
                groups.get(1).multicast(message);
            }
        });
        sender.start();
        within(() -> assertEquals(Thread.State.TIMED_WAITING, sender.getState()));
        wakeUp.countDown();
        sender.join(DEADLINE.toMillis());
        within(() -> assertEquals(messages, slow.entries.size()));
    }

    @Test
    void aListenerThatThrowsLeavesAndComesBack() {
        Diary clumsy = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                if (message.equals(Bytes.utf8("poison"))) {
                    throw new IllegalArgumentException("poison");
                }
                super.onMessage(from, message);
            }
        };
        List<Diary> diaries = List.of(new Diary(), new Diary(), clumsy);
        List<Group> groups = join(GroupOptions.of(Ordering.TOTAL), diaries);
        groups.get(0).multicast(Bytes.utf8("poison"));
        groups.get(0).multicast(Bytes.utf8("after"));
        within(() -> assertEquals(1, clumsy.evictions.size()));
        within(() -> assertEquals(
                2,
                clumsy.views.stream()
                        .filter(change -> change.view().members().size() == 3)
                        .count()));
        assertEquals(List.of(), clumsy.entries, "nothing is told between the failure and the next view");
        groups.get(0).multicast(Bytes.utf8("again"));
        within(() -> assertEquals(List.of("1:again"), clumsy.entries));
        within(() -> assertEquals(List.of("1:poison", "1:after", "1:again"), diaries.get(0).entries));
    }

    @Test
    void aMinorityRefusesToSend() {
        List<Diary> diaries = diaries();
        List<Group> groups = join(GroupOptions.of(Ordering.FIFO), diaries);
        nodes.get(1).close();
        nodes.get(2).close();
        within(() ->
                assertEquals(1, groups.get(0).view().orElseThrow().members().size()));
        within(() -> assertThrows(NotPrimaryException.class, () -> groups.get(0).multicast(Bytes.utf8("alone"))));
    }

    /** The others detect a node that disappears without a message. */
    @Test
    void aNodeThatVanishesIsLeftOut() {
        Runnable kill = makeMortal();
        List<Diary> diaries = diaries();
        List<Group> groups = join(GroupOptions.of(Ordering.TOTAL), diaries);
        groups.get(2).multicast(Bytes.utf8("last words"));
        within(() -> assertEquals(1, diaries.get(0).entries.size()));
        kill.run();

        awaitMembers(2, groups.stream().limit(2));
        assertEquals(
                List.of(NodeId.of(3)),
                diaries.get(0).views.get(diaries.get(0).views.size() - 1).left());
        groups.get(1).multicast(Bytes.utf8("goes on"));
        for (Diary diary : diaries.subList(0, 2)) {
            within(() -> assertEquals(List.of("3:last words", "2:goes on"), diary.entries));
        }
    }

    /** RULES.md V-28: it has room for three windows, and what it cannot send does it no harm if it catches that. */
    @Test
    void listenersMaySendAndNeverBlock() {
        List<Group> groups = new CopyOnWriteArrayList<>();
        List<Integer> overloads = new CopyOnWriteArrayList<>();
        Diary receiver = new Diary();
        Diary answering = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                if (message.equals(Bytes.utf8("go"))) {
                    Bytes answer = Bytes.wrap(new byte[30 << 10]);
                    for (int i = 0; i < 100; i++) {
                        try {
                            groups.get(0).multicast(answer);
                        } catch (OverloadedException e) {
                            overloads.add(i);
                            return;
                        }
                    }
                }
            }
        };
        groups.addAll(join(
                GroupOptions.builder(Ordering.FIFO)
                        .maxMessageBytes(32 << 10)
                        .windowBytes(64 << 10)
                        .build(),
                List.of(answering, receiver)));
        groups.get(1).multicast(Bytes.utf8("go"));
        within(() -> assertEquals(1, overloads.size()));
        assertTrue(overloads.get(0) >= 6, () -> "refused after " + overloads + " of 30 KiB, with a window of 64 KiB");
        within(() -> assertEquals(1 + overloads.get(0), receiver.entries.size()));
        groups.get(0).multicast(Bytes.utf8("still there"));
        within(() -> assertEquals("1:still there", receiver.entries.get(receiver.entries.size() - 1)));
        assertEquals(List.of(), answering.evictions);
    }

    @Test
    void theViewOfTheNodesIsThatOfAll() {
        List<View> views = new CopyOnWriteArrayList<>();
        nodes.get(0).onView(views::add);
        for (Node node : nodes) {
            within(() -> assertEquals(NODES, node.view().members().size()));
            assertTrue(node.view().primary());
        }
        within(() -> assertEquals(nodes.get(0).view(), views.get(views.size() - 1)));
    }

    @Test
    void howManyNodesAreUpIsMeasured() {
        Gauges gauges = new Gauges();
        nodes.remove(2).close();
        nodes.add(builder(3).meters(gauges).open());
        within(() -> assertEquals(NODES, gauges.value("loggos.group.members", "group", "loggos.nodes")));
        nodes.remove(0).close();
        within(() -> assertEquals(NODES - 1, gauges.value("loggos.group.members", "group", "loggos.nodes")));
    }

    @Test
    void closingALonelyNodeDoesNotHang() {
        nodes.get(1).close();
        nodes.get(2).close();
        long before = System.nanoTime();
        nodes.get(0).close();
        long took = System.nanoTime() - before;
        assertTrue(took < TimeUnit.SECONDS.toNanos(5), () -> "took " + took / 1_000_000 + " ms");
    }

    /** All nodes vote in the log, also those that have not joined the group. */
    @Test
    void aLogDecidesWhichViewsArePrimary() {
        GroupOptions options = GroupOptions.builder(Ordering.TOTAL)
                .agreement(GroupOptions.Agreement.LOG)
                .build();
        List<Diary> diaries = diaries();
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            groups.add(nodes.get(i).join("feed", options, diaries.get(i)));
        }
        awaitMembers(2, groups.stream());
        within(() -> groups.get(1).multicast(Bytes.utf8("decided")));
        within(() -> assertEquals(List.of("2:decided"), diaries.get(0).entries));
        within(() -> assertTrue(nodes.get(2).status().replicas().stream()
                .anyMatch(replica -> replica.name().equals("loggos.views"))));

        nodes.get(0).close();
        awaitMembers(1, groups.stream().skip(1));
        within(() -> groups.get(1).multicast(Bytes.utf8("goes on")));
        within(() -> assertEquals(List.of("2:decided", "2:goes on"), diaries.get(1).entries));
    }
}
