package io.loggos.multicast.group.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** RULES.md V-27: each member that is asked ends in one place of the result. */
class OpenRequestsTest {
    private static final long DEADLINE = 1_000;

    private final TreeMap<Long, Answers> ended = new TreeMap<>();
    private final OpenRequests requests = new OpenRequests(ended::put);

    private static SortedSet<NodeId> ids(int... numbers) {
        TreeSet<NodeId> ids = new TreeSet<>();
        Arrays.stream(numbers).forEach(number -> ids.add(NodeId.of(number)));
        return ids;
    }

    private static View view(int... members) {
        return new View(new ViewId(1, NodeId.of(1), 1), List.copyOf(ids(members)), true);
    }

    private static Receipt receipt(Outcome outcome, int... members) {
        return new Receipt(outcome, Optional.of(view(members)));
    }

    private static ViewChange change(SortedSet<NodeId> transitional, int... members) {
        return new ViewChange(view(members), transitional, List.of(), List.of(), List.of());
    }

    private void answers(long number, int from) {
        requests.onAnswer(NodeId.of(from), new RequestEnvelope(number, null, Bytes.utf8("a" + from)));
    }

    private void fails(long number, int from) {
        requests.onAnswer(NodeId.of(from), new RequestEnvelope(number, "e" + from, Bytes.EMPTY));
    }

    @Test
    void allAnswer() {
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2));
        answers(number, 1);
        assertNull(ended.get(number));
        answers(number, 2);
        Answers answers = Objects.requireNonNull(ended.get(number));
        assertTrue(answers.isEnough());
        assertEquals(Bytes.utf8("a2"), answers.answers().get(NodeId.of(2)));
        assertEquals(Long.MAX_VALUE, requests.nextDeadlineNanos());
    }

    /** In total order the others may answer before the request is delivered here. */
    @Test
    void answersMayComeBeforeTheReceipt() {
        long number = requests.open(Quota.MAJORITY, null, DEADLINE);
        answers(number, 2);
        answers(number, 3);
        assertNull(ended.get(number));
        requests.onReceipt(number, receipt(Outcome.STABLE, 1, 2, 3));
        Answers answers = Objects.requireNonNull(ended.get(number));
        assertTrue(answers.isEnough());
        assertEquals(ids(1), answers.silent());
    }

    @Test
    void oneAnswerOfAllIsEnoughIfTheFirstIsWanted() {
        long number = requests.open(Quota.FIRST, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2, 3));
        fails(number, 1);
        assertNull(ended.get(number));
        answers(number, 3);
        Answers answers = Objects.requireNonNull(ended.get(number));
        assertTrue(answers.isEnough());
        assertEquals("e1", answers.failures().get(NodeId.of(1)));
        assertEquals(ids(2), answers.silent());
    }

    /** Nobody is left who might answer, so the caller need not wait for the deadline. */
    @Test
    void endsOnceNobodyIsLeft() {
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2, 3));
        answers(number, 1);
        fails(number, 2);
        requests.onView(change(ids(1, 2), 1, 2));
        Answers answers = Objects.requireNonNull(ended.get(number));
        assertFalse(answers.isEnough());
        assertEquals(ids(3), answers.left());
        assertEquals(Set.of(NodeId.of(2)), answers.failures().keySet());
    }

    /** A member of both views that did not come along from the first is another member, and knows nothing. */
    @Test
    void whoJoinedAgainHasLeft() {
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2));
        answers(number, 1);
        requests.onView(change(ids(1), 1, 2));
        assertEquals(ids(2), Objects.requireNonNull(ended.get(number)).left());
    }

    /** A request that waits for a view asks the members of that view. */
    @Test
    void aViewBeforeTheRequestIsSentChangesNothing() {
        long toAll = requests.open(Quota.ALL, null, DEADLINE);
        long toOne = requests.open(Quota.ALL, NodeId.of(2), DEADLINE);
        requests.onView(change(ids(1), 1, 2));
        requests.onEvicted();
        assertTrue(ended.isEmpty());
        requests.onReceipt(toAll, receipt(Outcome.DELIVERED, 1, 2));
        answers(toAll, 1);
        answers(toAll, 2);
        answers(toOne, 2);
        assertEquals(List.of(toAll, toOne), List.copyOf(ended.keySet()));
        assertTrue(ended.values().stream().allMatch(Answers::isEnough));
    }

    @Test
    void aRequestToNoMemberEnds() {
        long number = requests.open(Quota.ALL, NodeId.of(3), DEADLINE);
        requests.onReceipt(number, receipt(Outcome.NOT_SENT, 1, 2));
        assertEquals(ids(3), Objects.requireNonNull(ended.get(number)).left());
        assertFalse(Objects.requireNonNull(ended.get(number)).isEnough());
    }

    /** An excluded member gets no more answers. */
    @Test
    void anEvictionEndsWhatWasSent() {
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.UNKNOWN, 1, 2));
        assertEquals(ids(1, 2), Objects.requireNonNull(ended.get(number)).left());
        long other = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(other, receipt(Outcome.DELIVERED, 1, 2));
        answers(other, 1);
        requests.onEvicted();
        assertEquals(ids(2), Objects.requireNonNull(ended.get(other)).left());
    }

    @Test
    void theDeadlineEndsARequest() {
        long late = requests.open(Quota.ALL, null, DEADLINE + 1);
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2));
        answers(number, 1);
        requests.onTime(DEADLINE - 1);
        assertTrue(ended.isEmpty());
        assertEquals(DEADLINE, requests.nextDeadlineNanos());
        requests.onTime(DEADLINE);
        Answers answers = Objects.requireNonNull(ended.get(number));
        assertEquals(ids(2), answers.silent());
        assertFalse(answers.isEnough());
        requests.onTime(DEADLINE + 1);
        assertTrue(Objects.requireNonNull(ended.get(late)).answers().isEmpty());
    }

    /** No input of a peer makes a method throw: answers of strangers, twice, late, or no answers at all. */
    @Test
    void strangeAnswersChangeNothing() {
        long number = requests.open(Quota.ALL, null, DEADLINE);
        requests.onReceipt(number, receipt(Outcome.DELIVERED, 1, 2));
        answers(number, 3);
        answers(number, 1);
        answers(number, 1);
        answers(number + 1, 2);
        assertTrue(ended.isEmpty());
        answers(number, 2);
        answers(number, 2);
        assertEquals(1, ended.size());
        assertNull(RequestEnvelope.readRequest(Bytes.utf8("short")));
        assertNull(RequestEnvelope.readAnswer(Bytes.utf8("12345678")));
        assertNull(RequestEnvelope.readAnswer(Bytes.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 1})));
    }

    @Test
    void envelopesAreReadAsWritten() {
        Bytes content = Bytes.utf8("content");
        assertEquals(
                new RequestEnvelope(7, null, content),
                RequestEnvelope.readRequest(RequestEnvelope.request(7, content)));
        assertEquals(
                new RequestEnvelope(7, null, content), RequestEnvelope.readAnswer(RequestEnvelope.answer(7, content)));
        assertEquals(
                new RequestEnvelope(7, "why", Bytes.EMPTY),
                RequestEnvelope.readAnswer(RequestEnvelope.failure(7, "why")));
    }
}
