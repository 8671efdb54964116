package io.loggos.multicast.core;

import io.loggos.multicast.wire.Frame;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import org.jspecify.annotations.Nullable;

/** Rejects every frame; a subclass overrides the methods of the frames that it accepts. */
abstract class FramesOutOfPlace<C> implements Frame.Handler<C> {
    @Override
    public @Nullable String onChallenge(C context, Challenge challenge) {
        return "a challenge out of place";
    }

    @Override
    public @Nullable String onHello(C context, Hello hello) {
        return "a Hello out of place";
    }

    @Override
    public @Nullable String onWelcome(C context, Welcome welcome) {
        return "a Welcome out of place";
    }

    @Override
    public @Nullable String onRefused(C context, Refused refused) {
        return "a refusal out of place";
    }

    @Override
    public @Nullable String onData(C context, Data data) {
        return "data out of place";
    }

    @Override
    public @Nullable String onAck(C context, Ack ack) {
        return "an acknowledgement out of place";
    }

    @Override
    public @Nullable String onHeartbeat(C context, Heartbeat heartbeat) {
        return "a heartbeat out of place";
    }
}
