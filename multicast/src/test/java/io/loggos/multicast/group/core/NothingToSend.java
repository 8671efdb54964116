package io.loggos.multicast.group.core;

import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Queue that stays empty. */
final class NothingToSend implements SendQueue {
    @Override
    public @Nullable Submission peek() {
        return null;
    }

    @Override
    public Submission poll() {
        throw new NoSuchElementException();
    }
}
