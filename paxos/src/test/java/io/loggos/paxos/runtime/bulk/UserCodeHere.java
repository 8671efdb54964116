package io.loggos.paxos.runtime.bulk;

import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Runs the application's code on the caller's thread, and collects what it throws. */
public class UserCodeHere implements UserCode {
    final List<String> thrown = new ArrayList<>();

    @Override
    public Lane lane(String name) {
        throw new AssertionError("a lane " + name);
    }

    @Override
    public Lane lane(String name, Executor executor) {
        throw new AssertionError("a lane " + name);
    }

    @Override
    public void answer(Runnable completion) {
        completion.run();
    }

    @Override
    public void threw(String source, Throwable cause) {
        thrown.add(source + ": " + cause.getMessage());
    }
}
