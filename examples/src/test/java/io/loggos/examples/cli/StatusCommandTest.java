package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.admin.proto.NodeStatusReply;
import org.junit.jupiter.api.Test;

/** The words of {@code loggos status} and {@code loggos cluster} for the status of a member. */
class StatusCommandTest {
    private static NodeStatusReply.Builder member() {
        return NodeStatusReply.newBuilder().setFormed(true).setFirstSlot(1);
    }

    @Test
    void aMemberThatTakesNoPartIsNotSound() {
        assertTrue(StatusCommand.isSound(member().build()));
        assertFalse(StatusCommand.isSound(null));
        assertFalse(StatusCommand.isSound(member().setHalted("a disk").build()));
        assertFalse(StatusCommand.isSound(member().setFenced("AMNESIA_DETECTED").build()));
        assertFalse(
                StatusCommand.isSound(member().putRefused(2, "another cluster").build()));
    }

    @Test
    void theNoteSaysWhyAMemberIsRefused() {
        NodeStatusReply.Builder refused = member().setFormed(false).addUnmet(2).putRefused(2, "another incarnation");
        assertEquals("no link with n2: another incarnation", StatusCommand.note(refused.build()));
        assertEquals(
                "takes no part any more: an older copy",
                StatusCommand.note(refused.setFenced("an older copy").build()));
        assertEquals(
                "has not yet met [3]",
                StatusCommand.note(member().setFormed(false).addUnmet(3).build()));
        assertEquals(
                "waits for slot 7 from node 2",
                StatusCommand.note(member().setWaitsFor("slot 7 from node 2").build()));
    }

    @Test
    void aLogWithoutASlotIsNoRange() {
        assertEquals(", no slot in its log, 0 applied", ClusterMonitor.slots(member().build()));
        assertEquals(
                ", slots 1..3 chosen, 2 applied",
                ClusterMonitor.slots(member().setChosenSlot(3).setAppliedSlot(2).build()));
    }
}
