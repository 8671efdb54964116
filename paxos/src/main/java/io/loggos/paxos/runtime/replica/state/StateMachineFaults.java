package io.loggos.paxos.runtime.replica.state;

import io.loggos.api.StorageException;
import java.nio.file.FileSystemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Faults of the code of one state machine. On the thread that runs it. */
public final class StateMachineFaults {
    private static final Logger LOGGER = LoggerFactory.getLogger(StateMachineFaults.class);
    /** Causes that are looked at, since a chain of causes may be a ring. */
    private static final int MOST_CAUSES = 32;

    private final String log;
    private boolean interruptNoted;

    public StateMachineFaults(String log) {
        this.log = log;
    }

    /**
     * True if an exception, or one of its causes, tells of the disk or the memory of this node (RULES.md B-7).
     *
     * <p>The other replicas do not see such a fault, so it must not become an answer.
     */
    public static boolean isOfThisNode(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof Error || cause instanceof StorageException || cause instanceof FileSystemException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** True if an exception from a query leaves the state in doubt. The depth of a stack is the query's own matter. */
    public static boolean leavesStateInDoubt(Throwable thrown) {
        return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
    }

    /** Clears the interrupt flag. Left set, it would end the next wait or file access on this thread. */
    public void clearInterrupt() {
        if (Thread.interrupted() && !interruptNoted) {
            interruptNoted = true;
            LOGGER.warn("log \"{}\": its state machine leaves the thread interrupted; the flag is cleared", log);
        }
    }
}
