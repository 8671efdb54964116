package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Roster;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.wire.Envelope;
import io.loggos.paxos.wire.PaxosCodec;

/** Brings the messages of replicated logs from the links to the logs that are open. On the loop's thread. */
public final class LogMessages implements LinkRouter.Protocol {
    private final Roster roster;
    private final OpenLogs logs;
    private final Meters.Counter foreign;

    public LogMessages(Roster roster, OpenLogs logs, Meters meters) {
        this.roster = roster;
        this.logs = logs;
        this.foreign = meters.counter("loggos.messages.foreign");
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException {
        Envelope envelope = PaxosCodec.decode(message);
        if (!roster.met(from).filter(met -> met == envelope.incarnation()).isPresent()) {
            foreign.add(1);
            return;
        }
        logs.onMessage(from, envelope);
    }

    @Override
    public void onOutgoingReset(NodeId peer, long now) {
        logs.onOutgoingReset(peer);
    }

    @Override
    public void onIncomingReset(NodeId peer, long now) {
        logs.each(process -> process.core().onIncomingReset(peer, now));
    }

    @Override
    public void onFenced(String reason) {
        logs.fail(reason, new ReplicaHaltedException(reason, null));
    }

    @Override
    public void onRemoved(String reason) {
        onFenced(reason);
    }

    @Override
    public void onFormed() {
        logs.each(process -> process.core().onFormed(process.out()));
    }
}
