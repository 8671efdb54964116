package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.MessageTooLargeException;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import io.loggos.api.map.ReplicatedMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Fates of messages, views and answers, as a member learns them from its group. */
class GroupAnswersTest extends GroupNodes {
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);

    /** Answers each request with its own id and the request. */
    private final class Answering extends Diary {
        private final int id;

        Answering(int id) {
            this.id = id;
        }

        @Override
        public Bytes onRequest(NodeId from, Bytes request) {
            if (request.equals(Bytes.utf8("fail on 2")) && id == 2) {
                throw new IllegalStateException("asked to");
            }
            if (request.equals(Bytes.utf8("break on 2")) && id == 2) {
                throw new AssertionError("asked to");
            }
            if (request.equals(Bytes.utf8("block on 3")) && id == 3) {
                waitForTheEnd();
            }
            return Bytes.utf8(id + " says " + request.toUtf8());
        }

        private void waitForTheEnd() {
            try {
                assertTrue(wakeUp.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean isOfAll(View view) {
        return view.primary() && view.members().size() == NODES;
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private List<Group> joinAll(GroupOptions options) {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            groups.add(nodes.get(i).join("talk", options, new Answering(i + 1)));
        }
        groups.forEach(group -> get(group.awaitView(GroupAnswersTest::isOfAll)));
        return groups;
    }

    /** The two lines of the README, with default options. */
    @Test
    void theFirstMulticastReachesAll() {
        List<Diary> diaries = List.of(new Diary(), new Diary(), new Diary());
        for (int i = 0; i < NODES; i++) {
            Group feed = nodes.get(i).join("feed", Ordering.CAUSAL, diaries.get(i));
            feed.multicast(Bytes.utf8("hello"));
        }
        for (Diary diary : diaries) {
            within(() -> assertEquals(Set.of("1:hello", "2:hello", "3:hello"), new TreeSet<>(diary.entries)));
            assertEquals(NODES, diary.views.get(0).view().members().size());
        }
    }

    @Test
    void receiptsTellTheFate() {
        Diary mine = new Diary();
        Diary other = new Diary();
        GroupOptions options = GroupOptions.of(Ordering.FIFO);
        Group group = nodes.get(0).join("talk", options, mine);
        nodes.get(1).join("talk", options, other);
        View view = get(group.awaitView(now -> now.members().size() == 2));

        CompletableFuture<List<String>> seen = group.multicastWithReceipt(Bytes.utf8("a"))
                .thenApply(receipt -> {
                    assertEquals(new Receipt(Receipt.Outcome.DELIVERED, Optional.of(view)), receipt);
                    return List.copyOf(mine.entries);
                });
        assertEquals(List.of("1:a"), get(seen), "the receipt comes after the message");
        Receipt safe = get(group.multicastWithReceipt(Bytes.utf8("b"), Ordering.TOTAL, Delivery.SAFE));
        assertEquals(Receipt.Outcome.STABLE, safe.outcome());
        Receipt toOne = get(group.sendWithReceipt(N2, Bytes.utf8("c")));
        assertEquals(Receipt.Outcome.DELIVERED, toOne.outcome());
        assertEquals(List.of("1:a", "1:b", "1:c"), other.entries);
        Receipt toNobody = get(group.sendWithReceipt(N3, Bytes.utf8("d")));
        assertEquals(new Receipt(Receipt.Outcome.NOT_SENT, Optional.of(view)), toNobody);
        assertFalse(toNobody.isDelivered());
    }

    /** A message that waits for a view that never comes was not sent, and its sender learns it. */
    @Test
    void aGroupThatIsClosedEndsAllThatWaits() {
        GroupOptions options = GroupOptions.builder(Ordering.FIFO)
                .founders(Set.of(N2))
                .foundingTimeout(Duration.ofDays(1))
                .build();
        Group group = nodes.get(0).join("talk", options, new Diary());
        CompletableFuture<Receipt> receipt = group.multicastWithReceipt(Bytes.utf8("a"));
        CompletableFuture<View> view = group.awaitView(now -> true);
        CompletableFuture<Answers> answers = group.request(Bytes.utf8("q"), Quota.ALL, DEADLINE);
        group.close();
        assertEquals(new Receipt(Receipt.Outcome.NOT_SENT, Optional.empty()), get(receipt));
        for (CompletableFuture<?> failed : List.of(view, answers, group.awaitView(now -> true))) {
            CompletionException thrown = assertThrows(CompletionException.class, () -> get(failed));
            assertInstanceOf(NodeClosedException.class, thrown.getCause());
        }
        assertThrows(NodeClosedException.class, () -> group.multicastWithReceipt(Bytes.utf8("late")));
        assertThrows(NodeClosedException.class, () -> group.request(N2, Bytes.utf8("late"), DEADLINE));
    }

    @Test
    void aPredicateThatThrowsFailsItsCallerAlone() {
        Group group = joinAll(GroupOptions.of(Ordering.FIFO)).get(0);
        CompletableFuture<View> failed = group.awaitView(view -> {
            throw new IllegalStateException("predicate");
        });
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, () -> get(failed)).getCause());
        assertEquals(
                Receipt.Outcome.DELIVERED,
                get(group.multicastWithReceipt(Bytes.utf8("a"))).outcome());
    }

    @Test
    void requestsAreAnswered() {
        for (Ordering ordering : List.of(Ordering.FIFO, Ordering.CAUSAL_TOTAL)) {
            List<Group> groups = joinAll(GroupOptions.of(ordering));
            Group group = groups.get(1);
            Answers all = get(group.request(Bytes.utf8("hi"), Quota.ALL, DEADLINE));
            assertTrue(all.isEnough(), all::toString);
            for (NodeId node : List.of(NodeId.of(1), N2, N3)) {
                assertEquals(
                        Bytes.utf8(node.value() + " says hi"), all.answers().get(node));
            }
            Answers one = get(group.request(N3, Bytes.utf8("you"), DEADLINE));
            assertEquals(Set.of(N3), one.answers().keySet());
            Answers own = get(group.request(N2, Bytes.utf8("me"), DEADLINE));
            assertEquals(Set.of(N2), own.answers().keySet());
            Answers failed = get(group.request(Bytes.utf8("fail on 2"), Quota.ALL, DEADLINE));
            assertFalse(failed.isEnough(), failed::toString);
            assertEquals(Set.of(NodeId.of(1), N3), failed.answers().keySet());
            assertEquals(
                    "java.lang.IllegalStateException: asked to",
                    failed.failures().get(N2));
            Answers broken = get(group.request(N2, Bytes.utf8("break on 2"), DEADLINE));
            assertEquals("java.lang.AssertionError: asked to", broken.failures().get(N2));
            assertTrue(isOfAll(group.view().orElseThrow()), "a failed answer does not end a membership");
            groups.forEach(Group::close);
        }
    }

    @Test
    void aRequestNamesWhoIsSilentAndWhoLeft() {
        List<Group> groups = joinAll(GroupOptions.of(Ordering.FIFO));
        Group group = groups.get(0);
        Answers majority = get(group.request(Bytes.utf8("block on 3"), Quota.MAJORITY, DEADLINE));
        assertTrue(majority.isEnough(), majority::toString);
        assertEquals(Set.of(N3), majority.silent());
        Answers late = get(group.request(Bytes.utf8("hi"), Quota.ALL, Duration.ofMillis(300)));
        assertFalse(late.isEnough(), late::toString);
        assertEquals(Set.of(N3), late.silent());

        CompletableFuture<Answers> answers = group.request(Bytes.utf8("block on 3"), Quota.ALL, DEADLINE);
        Thread leaver = new Thread(() -> groups.get(2).close());
        leaver.start();
        Answers ended = get(answers);
        assertEquals(Set.of(N3), ended.left());
        assertEquals(2, ended.answers().size());
        wakeUp.countDown();
        assertEquals(
                Set.of(N3), get(group.request(N3, Bytes.utf8("hi"), DEADLINE)).left());
    }

    @Test
    void requestsAreChecked() {
        Group group = joinAll(
                        GroupOptions.builder(Ordering.FIFO).maxMessageBytes(100).build())
                .get(0);
        Bytes fits = Bytes.wrap(new byte[84]);
        Bytes large = Bytes.wrap(new byte[85]);
        assertThrows(MessageTooLargeException.class, () -> group.request(large, Quota.ALL, DEADLINE));
        assertThrows(IllegalArgumentException.class, () -> group.request(fits, Quota.ALL, Duration.ZERO));
        Answers answers = get(group.request(fits, Quota.ALL, DEADLINE));
        assertEquals(NODES, answers.answers().size());
        Group silent = nodes.get(0).join("silent", Ordering.FIFO, new Diary());
        Answers none = get(silent.request(Bytes.utf8("hi"), Quota.ALL, DEADLINE));
        assertEquals(
                "java.lang.UnsupportedOperationException: this listener answers no requests",
                none.failures().get(NodeId.of(1)));
    }

    @Test
    void aReplicatedMapIsTheSameAtAllMembers() {
        List<ReplicatedMap> maps = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            maps.add(nodes.get(i).replicatedMap("settings"));
        }
        maps.forEach(map -> get(map.awaitView(view -> view.members().size() == 2)));
        Bytes key = Bytes.utf8("colour");
        assertEquals(Optional.empty(), get(maps.get(0).put(key, Bytes.utf8("red"))));
        assertEquals(Optional.of(Bytes.utf8("red")), maps.get(0).get(key), "a member sees its own change");
        assertEquals(Optional.of(Bytes.utf8("red")), get(maps.get(1).put(key, Bytes.utf8("blue"))));
        get(maps.get(1).put(Bytes.utf8("size"), Bytes.utf8("9")));

        List<String> changes = new ArrayList<>();
        ReplicatedMap late = nodes.get(2)
                .replicatedMap(
                        "settings",
                        GroupOptions.builder(Ordering.FIFO_TOTAL)
                                .delivery(Delivery.SAFE)
                                .build(),
                        (by, changed, before, after) -> changes.add(by + " " + changed.toUtf8()));
        get(late.awaitView(GroupAnswersTest::isOfAll));
        assertEquals(maps.get(0).snapshot(), late.snapshot());
        assertEquals(2, late.snapshot().size());
        assertEquals(Optional.of(Bytes.utf8("blue")), get(late.remove(key)));
        assertEquals(List.of("n3 colour"), changes);
        for (ReplicatedMap map : maps) {
            within(() -> assertEquals(late.snapshot(), map.snapshot()));
        }
        late.close();
        assertThrows(NodeClosedException.class, () -> late.put(key, key));
        assertThrows(
                IllegalArgumentException.class,
                () -> nodes.get(2)
                        .replicatedMap("other", GroupOptions.of(Ordering.CAUSAL), ReplicatedMap.Listener.NONE));
    }
}
