package io.loggos.paxos.synod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.synod.core.Synod;
import io.loggos.paxos.synod.core.SynodMessage.Accept;
import io.loggos.paxos.synod.core.SynodMessage.Accepted;
import io.loggos.paxos.synod.core.SynodMessage.Prepare;
import io.loggos.paxos.synod.core.SynodMessage.Promise;
import io.loggos.paxos.synod.core.SynodMessage.Refused;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crash at each point where an acceptor writes (F-1 to F-4), rot, strangers, and a real disk. */
class SynodFaultTest {
    private static final Ballot B1 = new Ballot(1, 1);
    private static final Ballot B2 = new Ballot(1, 2);
    private static final Bytes X = Bytes.utf8("x");

    private final SynodWorld world = SynodWorld.of(3);

    /** F-1, P0 and P1: no promise has left, so a lower ballot may be promised after all, or not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void crashBeforeThePromiseIsSynced(int kept) {
        world.inject(2, 3, new Prepare(B2));
        assertEquals(List.of(), world.letters());
        restart(3, kept);
        world.inject(1, 3, new Prepare(B1));
        world.node(3).sync();

        assertEquals(1 - kept, world.onTheWay(Promise.class, 3, 1).size());
        assertEquals(kept, world.onTheWay(Refused.class, 3, 1).size());
    }

    /** F-1, A0 and A1: no vote has left; the record is there or it is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void crashBeforeTheVoteIsSynced(int kept) {
        world.inject(1, 3, new Accept(B1, X));
        assertEquals(List.of(), world.letters());
        restart(3, kept);
        world.inject(2, 3, new Prepare(B2));
        world.node(3).sync();

        Promise expected = kept == 1 ? new Promise(B2, B1, X) : new Promise(B2, Ballot.ZERO, Bytes.EMPTY);
        assertEquals(List.of(expected), world.onTheWay(Promise.class, 3, 2));
    }

    /** F-2, P2 and A2: what is asked again is answered from the disk, without another write. */
    @Test
    void duplicateIsAnsweredWithoutASecondWrite() {
        world.inject(1, 3, new Prepare(B1));
        world.inject(1, 3, new Accept(B1, X));
        restart(3, 2);
        int written = world.node(3).written();
        world.inject(1, 3, new Prepare(B1));
        world.inject(1, 3, new Accept(B1, X));

        assertEquals(List.of(new Promise(B1, B1, X)), world.onTheWay(Promise.class, 3, 1));
        assertEquals(List.of(new Accepted(B1)), world.onTheWay(Accepted.class, 3, 1));
        assertEquals(written, world.node(3).written());
    }

    /** F-3: a promise that was given binds the next life. */
    @Test
    void givenPromiseBindsTheNextLife() {
        world.inject(2, 3, new Prepare(B2));
        world.node(3).sync();
        restart(3, 0);
        world.inject(1, 3, new Accept(B1, X));

        assertEquals(List.of(new Refused(B1, B2)), world.onTheWay(Refused.class, 3, 1));
        assertEquals(List.of(), world.onTheWay(Accepted.class, 3, 1));
    }

    /** F-4: a ballot that was taken is not taken again, even where it had won. */
    @Test
    void ballotIsNotTakenAgainByTheNextLife() {
        world.node(1).propose("first");
        world.phaseOne(1, 1, 2);
        restart(1, 0);
        world.node(1).propose("second");
        world.node(1).sync();

        assertEquals(List.of(new Prepare(new Ballot(2, 1))), world.onTheWay(Prepare.class, 1, 3));
    }

    /** F-12: a damaged record is neither empty nor accepted, so nothing is said of it; a new one replaces it. */
    @Test
    void damagedRecordIsNotCalledEmpty() {
        MemoryAcceptorLog rotten = new MemoryAcceptorLog(3);
        rotten.write(List.of(
                new LogRecord.Promised(SynodWorld.LOG, B1), new LogRecord.Accepted(SynodWorld.LOG, Synod.SLOT, B1, X)));
        rotten.corrupt(SynodWorld.LOG, Synod.SLOT);
        SynodWorld run =
                new SynodWorld(3, Flaw.NONE, 1, id -> id.value() == 3 ? rotten : new MemoryAcceptorLog(id.value()));
        run.inject(2, 3, new Prepare(B2));
        run.node(3).sync();
        assertEquals(List.of(), run.onTheWay(Promise.class, 3, 2));

        run.inject(2, 3, new Accept(B2, X));
        run.node(3).sync();
        assertEquals(List.of(new Accepted(B2)), run.onTheWay(Accepted.class, 3, 2));
    }

    /** B-3: strangers, and ballots of somebody else, change nothing. */
    @Test
    void strangersAreIgnored() {
        world.inject(9, 3, new Prepare(new Ballot(1, 9)));
        world.inject(1, 3, new Prepare(B2));
        world.inject(1, 3, new Accept(B2, X));

        assertEquals(0, world.node(3).written());
        assertEquals(List.of(), world.letters());
    }

    /** B-6: a ballot that is absurdly high is dropped, or there would soon be none above it. */
    @Test
    void absurdBallotsAreIgnored() {
        Ballot absurd = new Ballot(Long.MAX_VALUE, 1);
        world.inject(1, 3, new Prepare(absurd));
        world.inject(1, 3, new Accept(absurd, X));
        world.inject(1, 3, new Refused(B1, absurd));
        world.node(3).propose("c");
        world.node(3).sync();

        assertEquals(List.of(new Prepare(new Ballot(1, 3))), world.onTheWay(Prepare.class, 3, 1));
    }

    /** One node alone decides, behind its own writes. */
    @Test
    void singleNodeDecides() {
        SynodWorld alone = SynodWorld.of(1);
        alone.node(1).propose("a");
        alone.phaseOne(1, 1);
        alone.phaseTwo(1, 1);

        assertEquals(Bytes.utf8("a"), alone.node(1).decided());
    }

    /** The whole of it on RocksDB: decided, closed, opened, and found again by another proposer. */
    @Test
    void decisionSurvivesOnRealDisks(@TempDir Path directory) {
        List<RocksDbStore> stores = new ArrayList<>();
        SynodWorld before = new SynodWorld(3, Flaw.NONE, 1, id -> open(directory, id, stores));
        before.node(1).propose("a");
        before.settle(50);
        stores.forEach(RocksDbStore::close);
        stores.clear();

        SynodWorld after = new SynodWorld(3, Flaw.NONE, 2, id -> open(directory, id, stores));
        after.judge().proposes(Bytes.utf8("a"));
        after.node(3).propose("c");
        after.settle(50);
        stores.forEach(RocksDbStore::close);

        after.nodes().forEach(node -> assertEquals(Bytes.utf8("a"), node.decided()));
    }

    private static RocksDbStore open(Path directory, NodeId id, List<RocksDbStore> stores) {
        RocksDbStore store = RocksDbStore.open(
                directory.resolve(id.toString()),
                "synod",
                id,
                new TreeSet<>(List.of(id)),
                StorageOptions.defaults(),
                new SplittableRandom(1));
        store.register(SynodWorld.LOG, "synod");
        stores.add(store);
        return store;
    }

    private void restart(int node, int kept) {
        world.node(node).crash(kept);
        world.node(node).start();
        world.letters().clear();
    }
}
