package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.session.RequestTable;

/** A caller with a name, which the {@link Recorder} records in its place. */
public record NamedCaller(String name) implements CommandCaller, ReadCaller {
    public static String nameOf(Caller caller) {
        return ((NamedCaller) caller).name;
    }

    @Override
    public void complete(Slot slot, Bytes answer, long nowNanos) {
        throw new AssertionError("the core completes no command");
    }

    @Override
    public void run(long appliedSlot, RequestTable requests) {
        throw new AssertionError("the core runs no query");
    }

    @Override
    public void fail(RuntimeException cause) {
        throw new AssertionError("the core reports a failure as an effect", cause);
    }
}
