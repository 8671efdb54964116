package io.loggos.benchmarks.systems.jraft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.nio.ByteBuffer;

/** The commands, as SOFAJRaft applies them, and at the leader their callbacks. */
final class HashStateMachine extends StateMachineAdapter {
    private final CommandHash state = new CommandHash();

    @Override
    public void onApply(Iterator entries) {
        // The last callback waits until others can see the state: then nothing is in flight any more.
        Closure last = null;
        while (entries.hasNext()) {
            if (last != null) {
                last.run(Status.OK());
            }
            // The buffer is the log's own, which may still have to send it.
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

    /** What this replica has applied. */
    CommandHash.Value state() {
        return state.published();
    }
}
