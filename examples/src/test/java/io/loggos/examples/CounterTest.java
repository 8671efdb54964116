package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.StateMachineContract;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** The state machine of {@link CounterExample} passes the contract of the test kit. */
class CounterTest extends StateMachineContract {
    @Override
    protected StateMachine create() {
        return new CounterExample.Counter();
    }

    @Override
    protected Bytes command(SplittableRandom random) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong(1_000)).array());
    }
}
