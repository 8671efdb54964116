package io.loggos.multicast.runtime;

import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.GroupProcess;
import io.loggos.multicast.group.core.model.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Progress of an application with the packets of each rank, in one view. */
final class Consumption {
    private @Nullable ViewId view;
    private long[] through = new long[0];

    /** Notes that all messages of a packet have been taken. */
    void taken(Packet packet) {
        if (!packet.view().equals(view)) {
            view = packet.view();
            through = new long[0];
        }
        if (packet.origin() >= through.length) {
            through = Arrays.copyOf(through, packet.origin() + 1);
        }
        through[packet.origin()] = packet.number();
    }

    /** Returns what was taken since the last call; null if nothing was. */
    @Nullable
    Consumption take() {
        if (view == null) {
            return null;
        }
        Consumption news = new Consumption();
        news.view = view;
        news.through = through;
        view = null;
        return news;
    }

    void reportTo(GroupProcess process) {
        ViewId of = view;
        if (of == null) {
            return;
        }
        for (int rank = 0; rank < through.length; rank++) {
            if (through[rank] > 0) {
                process.onConsumed(of, rank, through[rank]);
            }
        }
    }
}
