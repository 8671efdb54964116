package io.loggos.benchmarks.systems.jraft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.nio.ByteBuffer;

/** State machine for SOFAJRaft. At the leader it also runs the callbacks of the commands. */
final class HashStateMachine extends StateMachineAdapter {
    private final CommandHash state = new CommandHash();

    @Override
    public void onApply(Iterator entries) {
        // The last callback runs after the state is published: then nothing is in flight any more.
        Closure last = null;
        while (entries.hasNext()) {
            if (last != null) {
                last.run(Status.OK());
            }
            // The buffer belongs to the log, which may still have to send it.
            ByteBuffer command = entries.getData();
            state.apply(command.array(), command.arrayOffset() + command.position(), command.remaining());
            last = entries.done();
            entries.next();
        }
        state.publish();
        if (last != null) {
            last.run(Status.OK());
        }
    }

    /** Returns the state that this replica has applied. */
    CommandHash.Value state() {
        return state.published();
    }
}
