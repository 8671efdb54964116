package io.loggos.multicast.group.core.model;

import io.loggos.api.group.Receipt;

/** Wish of a sender to know the fate of one message. It ends once. */
@FunctionalInterface
public interface PendingReceipt {
    /** Tells the sender. */
    void end(Receipt receipt);
}
