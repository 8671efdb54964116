package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.runtime.members.Founders;
import io.loggos.paxos.wire.PaxosCodec;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.testkit.network.MemoryRoster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RULES.md B-3 and P-8: messages of another store reach no log. */
class LogMessagesTest {
    private static final NodeId PEER = NodeId.of(2);
    private static final LogId LOG = LogId.ofName("log");

    /** Runs everything at once. */
    private static final class AtOnce implements EventLoop {
        @Override
        public void submit(Step step) {
            step.at(0);
        }

        @Override
        public void deliver(Step step) {
            step.at(0);
        }

        @Override
        public void later(long atNanos, Step step) {
            throw new UnsupportedOperationException();
        }
    }

    private final MemoryRoster roster = new MemoryRoster(1);
    private final OpenLogs logs =
            new OpenLogs(Founders.of(roster, NodeId.of(1), PEER), new MemoryAcceptorLog(1), new AtOnce());
    private final LogMessages messages = new LogMessages(roster, logs, Meters.NONE);
    private final List<LogId> taken = new ArrayList<>();

    private void receive(long incarnation) {
        PaxosCodec.Encoded message = PaxosCodec.encode(LOG, 1, incarnation, new PaxosMessage.ReadIndex(1, false));
        ByteWriter whole = new ByteWriter(64);
        Bytes bytes = whole.putRaw(message.head()).putRaw(message.body()).toBytes();
        messages.onMessage(PEER, 1, bytes, 0);
    }

    @Test
    void messageNeedsTheStoreThatWasMet() {
        logs.onUnknown(taken::add);
        receive(7);
        assertEquals(List.of(), taken, "a node that was not met");

        roster.meet(PEER, 7);
        receive(8);
        assertEquals(List.of(), taken);

        receive(7);
        assertEquals(List.of(LOG), taken);
    }
}
