package io.loggos.paxos.runtime.views;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.api.replica.Command;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Agree;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sequences of primary views, as a state machine. */
class PrimaryLinesTest {
    private static final NodeId SELF = NodeId.of(1);
    private static final GroupId FEED = new GroupId(7);
    private static final GroupId OTHER = new GroupId(8);

    private final PrimaryLines lines = new PrimaryLines();

    @TempDir
    private Path directory;

    private static Proposal alone(long counter, int node) {
        Member member = new Member(NodeId.of(node), node);
        ViewId id = new ViewId(counter, member.node(), member.life());
        return new Proposal(
                new GroupView(id, List.of(member), true, null), id, new Attempt(0, member.node()), List.of(member));
    }

    private static PrimaryLines.Answer ask(PrimaryLines machine, GroupId group, GroupMessage message) {
        Bytes command = PrimaryLines.command(SELF, group, message);
        return PrimaryLines.Answer.decode(machine.apply(new Command(new Slot(1), Instant.EPOCH, command)));
    }

    @Test
    void eachGroupHasALineOfItsOwn() {
        assertTrue(ask(lines, FEED, new Agree(alone(5, 1))).granted());
        PrimaryLines.Answer refused = ask(lines, FEED, new Agree(alone(6, 2)));
        assertFalse(refused.granted());
        assertEquals(5, refused.counter());
        assertTrue(ask(lines, OTHER, new Agree(alone(6, 2))).granted());
    }

    @Test
    void aCheckpointHoldsAllOfIt() throws IOException {
        ask(lines, FEED, new Agree(alone(5, 1)));
        ask(lines, OTHER, new Agree(alone(6, 2)));
        ask(lines, OTHER, new Leave(new Member(NodeId.of(2), 2)));
        lines.checkpoint().writeTo(directory);
        PrimaryLines restored = new PrimaryLines();
        restored.restore(directory);
        assertFalse(ask(restored, FEED, new Agree(alone(9, 3))).granted());
        assertTrue(ask(restored, OTHER, new Agree(alone(9, 3))).granted());
    }

    @Test
    void aDamagedCheckpointIsRefused() throws IOException {
        ask(lines, FEED, new Agree(alone(5, 1)));
        lines.checkpoint().writeTo(directory);
        Path file = directory.resolve("lines");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(
                file, List.of(new String(bytes, 0, bytes.length / 2, java.nio.charset.StandardCharsets.ISO_8859_1)));
        assertThrows(IOException.class, () -> new PrimaryLines().restore(directory));
    }

    @Test
    void whatIsNoCommandIsRefused() {
        Command strange = new Command(new Slot(1), Instant.EPOCH, Bytes.utf8("strange"));
        assertThrows(MalformedException.class, () -> lines.apply(strange));
    }
}
