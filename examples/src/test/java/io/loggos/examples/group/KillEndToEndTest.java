package io.loggos.examples.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.group.Delivery;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a member with kill -9 while all members multicast in total order. The others must get the same messages in the
 * same views and in the same order. The messages of each sender come in its order, and none is missing.
 */
class KillEndToEndTest {
    static final int MEMBERS = 3;
    private static final int ENOUGH = 300;

    @TempDir
    Path directory;

    private final List<MemberProcess> members = new ArrayList<>();

    @AfterEach
    void closeAll() {
        members.forEach(MemberProcess::close);
    }

    /** The most senior member is the sequencer. */
    @Test
    void sequencerIsKilled() throws Exception {
        startAll(Delivery.ON_RECEIPT);

        MemberProcess victim = killAt(0);

        GroupRecord last = victim.read();
        last.bySender().forEach(KillEndToEndTest::assertInSendersOrder);
    }

    /** Even the killed member got no message that the others did not get, since delivery is safe. */
    @Test
    void youngestIsKilledAndHasSeenNothingOfItsOwn() throws Exception {
        startAll(Delivery.SAFE);

        MemberProcess victim = killAt(MEMBERS - 1);

        GroupRecord.Section seen = victim.read().views().get(0);
        GroupRecord.Section agreed = members.get(0).read().views().get(0);
        assertEquals(agreed.view(), seen.view());
        assertEquals(agreed.messages().subList(0, seen.messages().size()), seen.messages());
    }

    private void startAll(Delivery delivery) {
        List<Integer> ports = FreePorts.draw(MEMBERS);
        for (int id = 1; id <= MEMBERS; id++) {
            members.add(MemberProcess.start(id, delivery, ports, directory));
        }
    }

    /**
     * Kills the member with this rank under load. Lets the others continue and end, compares them, returns the killed
     * one.
     */
    private MemberProcess killAt(int rank) throws Exception {
        List<Integer> seniority = List.of();
        for (MemberProcess member : members) {
            GroupRecord record = member.await("messages among all", r -> r.delivered() >= ENOUGH);
            seniority = record.views().get(0).members();
        }
        MemberProcess victim = members.remove(seniority.get(rank) - 1);
        try {
            victim.kill();
        } finally {
            victim.close();
        }

        for (MemberProcess member : members) {
            member.await("messages among two", r -> r.members() == MEMBERS - 1 && r.delivered() >= ENOUGH);
        }
        for (MemberProcess member : members) {
            member.stop();
        }
        GroupRecord one = members.get(0).await("the end", GroupRecord::isComplete);
        GroupRecord other = members.get(1).await("the end", GroupRecord::isComplete);

        assertEquals(2, one.views().size(), "one view of all, one without the dead");
        assertEquals(one.views(), other.views());
        Map<Integer, List<String>> texts = one.bySender();
        assertEquals(MEMBERS, texts.size(), "senders");
        texts.forEach(KillEndToEndTest::assertInSendersOrder);
        assertTrue(one.views().get(1).messages().stream().noneMatch(message -> message.sender() == victim.id()));
        return victim;
    }

    /** Checks for the numbers 0, 1, 2 and so on without a gap, perhaps followed by the end. */
    private static void assertInSendersOrder(int sender, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            boolean ends = i == texts.size() - 1 && texts.get(i).equals(MemberProgram.END);
            assertEquals(ends ? MemberProgram.END : Integer.toString(i), texts.get(i), "message of member " + sender);
        }
    }
}
