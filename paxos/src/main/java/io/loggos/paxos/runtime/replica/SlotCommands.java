package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.replica.ApplyFailurePolicy;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.runtime.replica.state.StateMachineFaults;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Applies the commands of one slot, or passes over them. On the apply thread. */
final class SlotCommands implements Batch.Visitor {
    private final StateMachineHost host;
    private final Slot slot;
    private final long logTimeMillis;
    private final Instant logTime;
    private final @Nullable CommandCaller @Nullable [] callers;
    /** True if the commands are passed over. */
    private final boolean skipped;

    private int position;

    SlotCommands(StateMachineHost host, Slot slot, @Nullable CommandCaller @Nullable [] callers, boolean skipped) {
        this.host = host;
        this.slot = slot;
        this.logTimeMillis = host.logTimeMillis;
        this.logTime = Instant.ofEpochMilli(logTimeMillis);
        this.callers = callers;
        this.skipped = skipped;
    }

    @Override
    public void request(long session, long sequence, long lowest, long after, UUID key, Bytes payload) {
        CommandCaller call = callers == null ? null : callers[position];
        if (host.replica.isHalted()
                || host.requests.begin(slot.value(), key, after, logTimeMillis, call, host.clock.nanos())) {
            command(session, sequence, lowest, payload);
            host.requests.end();
        } else {
            position++;
        }
    }

    @Override
    public void command(long session, long sequence, long lowest, Bytes payload) {
        CommandCaller call = callers == null ? null : callers[position];
        position++;
        if (host.replica.isHalted()) {
            host.fail(call);
            return;
        }
        if (!host.sessions.takesEffect(session, sequence, lowest, slot.value())) {
            host.fail(call);
            return;
        }
        if (skipped) {
            failed(call, "an operator has skipped slot " + slot);
            return;
        }
        Bytes answer;
        try {
            answer = Objects.requireNonNull(host.machine.apply(new Command(slot, logTime, payload)), "no answer");
        } catch (Throwable thrown) { // Of whatever kind: a checked exception may come undeclared.
            threw(call, thrown);
            return;
        } finally {
            host.faults.clearInterrupt();
        }
        host.history.answered(answer);
        host.requests.answered(slot, logTimeMillis, answer);
        if (call != null) {
            call.complete(slot, answer, host.clock.nanos());
        }
    }

    private void threw(@Nullable CommandCaller call, Throwable thrown) {
        if (StateMachineFaults.isOfThisNode(thrown)
                || host.replica.options().applyFailurePolicy() == ApplyFailurePolicy.HALT) {
            host.haltedAt = slot.value();
            host.halt("the state machine threw at slot " + slot, thrown);
            host.fail(call);
        } else {
            failed(call, String.valueOf(thrown));
        }
    }

    private void failed(@Nullable CommandCaller call, String reason) {
        host.history.failed();
        host.requests.failed(slot, logTimeMillis);
        if (call != null) {
            call.fail(new CommandFailedException(slot, reason));
        }
    }
}
