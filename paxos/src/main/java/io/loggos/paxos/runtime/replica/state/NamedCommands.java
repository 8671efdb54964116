package io.loggos.paxos.runtime.replica.state;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.api.replica.RequestTooOldException;
import io.loggos.api.replica.Result;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.session.RequestTable;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets a command with an id of its caller take effect once, and answers its repetitions. On the apply thread. */
public final class NamedCommands {
    private final long retentionMillis;
    private RequestTable table = new RequestTable();
    /** The key of the command that is being applied; null if it has none. */
    private @Nullable UUID current;

    /**
     * Creates the commands of a log that begins.
     *
     * @param retentionMillis the log time for which answers are kept
     */
    public NamedCommands(long retentionMillis) {
        this.retentionMillis = retentionMillis;
    }

    /** The first answers, for a checkpoint. */
    public RequestTable table() {
        return table;
    }

    /** Goes on with the first answers of a checkpoint. */
    public void restore(RequestTable restored) {
        table = restored;
    }

    /**
     * Tells if a command is to be applied now. If not, its caller has its outcome.
     *
     * @param slot the slot of the command
     * @param after the slot of the command's id
     * @param call the caller on this node, or null
     */
    public boolean begin(
            long slot, UUID key, long after, long logTimeMillis, @Nullable CommandCaller call, long nowNanos) {
        table.expire(logTimeMillis, retentionMillis);
        RequestTable.Kept first = table.find(key);
        boolean isInFuture = after >= slot;
        if (first == null && !isInFuture && table.remembers(after)) {
            current = key;
            return true;
        }
        if (call == null) {
            return false;
        }
        if (first == null && isInFuture) {
            call.fail(new CommandFailedException(
                    Slot.of(slot), "the id names slot " + after + ", which was not applied before this call"));
        } else if (first == null) {
            call.fail(new RequestTooOldException("the log keeps no answers of the time of request " + key
                    + ", so the outcome of earlier calls with this id is unknown; this call has no effect"));
        } else if (first.failed()) {
            call.fail(threw(first));
        } else {
            call.complete(Slot.of(first.slot()), first.answer(), nowNanos);
        }
        return false;
    }

    /**
     * Returns the query for the outcome of a command with an id. It returns empty if the command has not taken effect.
     *
     * <p>The query throws what a call with this id would fail with.
     */
    public static Function<RequestTable, Optional<Result<Bytes>>> outcomeOf(RequestId id) {
        return requests -> {
            RequestTable.Kept first = requests.find(id.key());
            if (first == null) {
                if (!requests.remembers(id.after().value())) {
                    throw new RequestTooOldException("the log keeps no answers of the time of request " + id.key()
                            + ", so the outcome of calls with this id is unknown");
                }
                return Optional.empty();
            }
            if (first.failed()) {
                throw threw(first);
            }
            return Optional.of(new Result<>(Slot.of(first.slot()), first.answer()));
        };
    }

    private static CommandFailedException threw(RequestTable.Kept first) {
        return new CommandFailedException(
                Slot.of(first.slot()), "the state machine threw at the first call with this id");
    }

    /** Keeps the answer to the present command, if that has an id. */
    public void answered(Slot slot, long logTimeMillis, Bytes answer) {
        if (current != null) {
            table.keep(new RequestTable.Kept(current, slot.value(), logTimeMillis, false, answer));
        }
    }

    /** Keeps the failure of the present command, if that has an id. Not its text, in which replicas may differ. */
    public void failed(Slot slot, long logTimeMillis) {
        if (current != null) {
            table.keep(new RequestTable.Kept(current, slot.value(), logTimeMillis, true, Bytes.EMPTY));
        }
    }

    /** Ends the present command. */
    public void end() {
        current = null;
    }
}
